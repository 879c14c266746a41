import { useMemo } from 'preact/hooks';
import { count } from '../logic/names.ts';
import type { SearchIndex } from '../logic/search.ts';

export function SearchView({ index, query }: { index: SearchIndex; query: string }) {
  const { hits, total } = useMemo(() => index.find(query), [index, query]);
  const groups = [...new Set(hits.map(({ group }) => group))];
  return (
    <>
      <h1 aria-live="polite">{total === 0 ? 'Nothing found' : `${count(total, 'hit')} for “${query.trim()}”`}</h1>
      {groups.map((group) => (
        <section key={group}>
          <h2>{group}</h2>
          <ul class="entries">
            {hits
              .filter((hit) => hit.group === group)
              .map((hit, place) => (
                <li key={place}>
                  <a href={hit.link} data-entry>
                    <span class="entry-title">
                      <Marked text={hit.title} query={query} />
                    </span>
                    <span class="entry-note">
                      <Marked text={hit.note} query={query} />
                    </span>
                  </a>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Marked({ text, query }: { text: string; query: string }) {
  const words = query
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (words.length === 0) return <>{text}</>;
  const parts = text.split(new RegExp(`(${words.join('|')})`, 'gi'));
  return <>{parts.map((part, index) => (index % 2 === 1 ? <mark key={index}>{part}</mark> : part))}</>;
}
