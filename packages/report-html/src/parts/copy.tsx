import { useState } from 'preact/hooks';

/** A command or path to take along; without a clipboard (a page from a file may have none) it can still be selected. */
export function Copy({ text }: { text: string }) {
  const [done, setDone] = useState(false);
  const copy = () => {
    navigator.clipboard?.writeText(text).then(
      () => setDone(true),
      () => setDone(false),
    );
  };
  return (
    <span class="copy">
      <code>{text}</code>
      <button type="button" class="small no-print" onClick={copy} aria-label={`copy ${text}`}>
        {done ? 'copied' : 'copy'}
      </button>
    </span>
  );
}
