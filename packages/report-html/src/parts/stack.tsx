import type { PageFrame } from '@firstchance/report';
import { useState } from 'preact/hooks';
import { methodName } from '../logic/names.ts';
import { useData } from './context.ts';

type Group = { readonly own: boolean; readonly frames: readonly number[] };

/** A managed stack, newest frame first: own code stands out, runs of others are folded to one line. */
export function Stack({ index }: { index: number }) {
  const { stacks, frames } = useData();
  const groups = group(stacks[index] ?? [], frames);
  if (groups.length === 0) return <p class="dim">no managed frames</p>;
  const alone = groups.length === 1;
  return (
    <ol class="stack">
      {groups.map(({ own, frames: members }, place) =>
        own || (alone && members.length <= 12) ? (
          members.map((frame, offset) => <Frame key={`${place}-${offset}`} index={frame} />)
        ) : (
          <Folded key={place} members={members} first={place === 0} />
        ),
      )}
    </ol>
  );
}

/** Starts a state machine and nothing else: stands between an async method and itself. */
const ASYNC_PLUMBING = /^System\.Runtime\.CompilerServices\.Async\w*MethodBuilder/;

/** Runs of own code and of others; an async method's first half (its stub, the builder) is folded into the method. */
function group(stack: readonly number[], frames: readonly PageFrame[]): Group[] {
  const groups: { own: boolean; frames: number[] }[] = [];
  let machine = '';
  for (const frame of stack) {
    const [method, , kind] = frames[frame] ?? ['', '', 2];
    if (kind === 2 || ASYNC_PLUMBING.test(method)) continue;
    const { owner, name, mark } = methodName(method);
    const stub = mark === '' && `${owner}.${name}` === machine;
    machine = mark === 'async' ? `${owner}.${name}` : '';
    if (stub) continue;
    const own = kind === 1;
    const last = groups.at(-1);
    if (last?.own === own) last.frames.push(frame);
    else groups.push({ own, frames: [frame] });
  }
  return groups;
}

/** Frames of the platform: the newest is shown at the top of a stack (it says what was called), the others on demand. */
function Folded({ members, first }: { members: readonly number[]; first: boolean }) {
  const [open, setOpen] = useState(false);
  const shown = first ? members.slice(0, 1) : [];
  const rest = members.slice(shown.length);
  const { frames } = useData();
  const name = methodName(frames[rest[0] ?? 0]?.[0] ?? '');
  return (
    <>
      {shown.map((frame) => (
        <Frame key={frame} index={frame} />
      ))}
      {rest.length === 1 || open
        ? rest.map((frame, place) => <Frame key={`${place}-${frame}`} index={frame} />)
        : rest.length > 0 && (
            <li class="folded">
              <button type="button" class="link" aria-expanded="false" onClick={() => setOpen(true)}>
                {rest.length} frames of the platform
              </button>
              <span class="dim"> {name.owner.split('.').slice(0, 2).join('.')}</span>
            </li>
          )}
    </>
  );
}

function Frame({ index }: { index: number }) {
  const [method, source, kind] = useData().frames[index] ?? ['?', '', 0];
  return (
    <li class={kind === 1 ? 'own' : 'other'} title={method}>
      <Method method={method} />
      {source !== '' && <span class="source"> {source}</span>}
    </li>
  );
}

export function Method({ method }: { method: string }) {
  const { owner, name, parameters, mark } = methodName(method);
  return (
    <span class="method">
      {owner !== '' && <span class="owner">{owner}.</span>}
      <b>{name}</b>
      <span class="owner">{parameters}</span>
      {mark !== '' && <span class="mark">{mark}</span>}
    </span>
  );
}
