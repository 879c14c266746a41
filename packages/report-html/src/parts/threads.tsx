import type { PageCapture, PageThread } from '@firstchance/report';
import { count } from '../logic/names.ts';
import { useData } from './context.ts';
import { Method, Stack } from './stack.tsx';

/** All threads; those that stand at the same place are one entry, the thread it is about is open. */
export function Threads({ capture, threads }: { capture: PageCapture; threads: readonly PageThread[] }) {
  const { stacks, frames } = useData();
  const isManaged = (stack: number) => stacks[stack]?.some((frame) => frames[frame]?.[2] !== 2) === true;
  const groups = new Map<string, PageThread[]>();
  for (const thread of threads) {
    const mine = thread.id === capture.thread;
    if (!mine && !isManaged(thread.stack)) continue;
    const key = mine ? 'subject' : `${thread.stack}/${thread.finalizer}`;
    groups.set(key, [...(groups.get(key) ?? []), thread]);
  }
  const shown = [...groups.values()].reduce((sum, group) => sum + group.length, 0);
  const open = capture.exception ? 0 : 3;
  return (
    <div class="threads">
      {[...groups.values()].map((group, index) => (
        <ThreadGroup key={index} group={group} subject={group[0]?.id === capture.thread} open={index < open} />
      ))}
      {threads.length > shown && <p class="dim">{count(threads.length - shown, 'thread')} without managed frames</p>}
    </div>
  );
}

function ThreadGroup({ group, subject, open }: { group: readonly PageThread[]; subject: boolean; open: boolean }) {
  const { stacks, frames } = useData();
  const [first] = group;
  if (!first) return null;
  const stack = stacks[first.stack] ?? [];
  const top = stack.find((frame) => frames[frame]?.[2] === 1) ?? stack.find((frame) => frames[frame]?.[2] === 0);
  const own = top !== undefined && frames[top]?.[2] === 1;
  return (
    <details open={open && own}>
      <summary>
        <b>{group.length > 1 ? `${group.length} threads` : `thread ${first.id}`}</b>
        {first.name !== '' && ` ${first.name}`} {subject && <span class="badge bad">this one</span>}
        {first.finalizer && <span class="badge">finalizer</span>}
        {first.exception && <span class="badge">{first.exception}</span>}
        <span class="dim"> {first.state}</span>
        {top !== undefined && (
          <span class={own ? 'at own' : 'at'}>
            <Method method={frames[top]?.[0] ?? ''} />
          </span>
        )}
      </summary>
      {group.length > 1 && (
        <p class="dim ids">
          {group.map(({ id, managed }) => (managed === null ? `${id}` : `${id} (managed ${managed})`)).join(', ')}
        </p>
      )}
      <Stack index={first.stack} />
    </details>
  );
}
