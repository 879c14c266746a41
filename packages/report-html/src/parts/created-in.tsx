import type { PageCreatedIn } from '@firstchance/report';
import { Method } from './stack.tsx';

/** The places in the program that create what grows. */
export function CreatedIn({ title, places, of }: PageCreatedIn) {
  return (
    <div>
      <h4>{title.charAt(0).toUpperCase() + title.slice(1)}</h4>
      <ol class="stack">
        {places.map(([method, source, calls], index) => (
          <li key={index} class="own" title={method}>
            <Method method={method} />
            {source !== '' && <span class="source"> {source}</span>}
            {calls !== '' && (
              <span>
                {' for '}
                <Method method={calls} />
              </span>
            )}
          </li>
        ))}
      </ol>
      {of > places.length && <p class="dim">of {of} places in the program</p>}
    </div>
  );
}
