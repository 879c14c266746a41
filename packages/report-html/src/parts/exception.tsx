import type { PageException } from '@firstchance/report';
import { Stack } from './stack.tsx';

/** An exception, its stack, and what it wraps. */
export function Exception({ exception, inner = false }: { exception: PageException; inner?: boolean }) {
  return (
    <div class={inner ? 'exception inner' : 'exception'}>
      <p class="exception-type">
        {inner && <span class="dim">wraps </span>}
        <b>{exception.type}</b> <span class="dim">HRESULT {exception.hresult}</span>
      </p>
      {exception.message !== null && <blockquote>{exception.message}</blockquote>}
      <Stack index={exception.stack} />
      {exception.inner.map((one, index) => (
        <Exception key={index} exception={one} inner />
      ))}
    </div>
  );
}
