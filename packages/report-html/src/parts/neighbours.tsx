import { href } from '../logic/route.ts';

/** Where one is in a list, and the way to the next entry. */
export function Neighbours({ view, ids, id }: { view: 'capture' | 'check'; ids: readonly string[]; id: string }) {
  const at = ids.indexOf(id);
  const before = ids[at - 1];
  const after = ids[at + 1];
  const list = view === 'capture' ? 'captures' : 'checks';
  return (
    <nav class="neighbours no-print" aria-label={`place in the ${list}`}>
      <a href={href(list)}>{list === 'checks' ? 'Growth checks' : 'Captures'}</a>
      <span class="dim">
        {at + 1} of {ids.length}
      </span>
      {before !== undefined && (
        <a href={href(view, before)}>
          ← previous <kbd>k</kbd>
        </a>
      )}
      {after !== undefined && (
        <a href={href(view, after)}>
          next → <kbd>j</kbd>
        </a>
      )}
    </nav>
  );
}
