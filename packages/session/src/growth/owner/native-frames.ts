import path from 'node:path';
import type { AllocationFrame } from '@firstchance/engine';
import { isOwnFrame } from './owner-frame.ts';

/** Libraries through which every stack goes: the C and C++ libraries, the runtime, its host, the agent. */
const PLUMBING =
  /^(?:lib(?:c|m|dl|pthread|stdc\+\+|gcc_s|coreclr\w*|clr\w*|msc\w+|host\w+|System\.[\w.]+|firstchance_agent)(?:[-.][\w.-]*)?\.so[\d.]*|ld-.*|linux-vdso.*|dotnet|apphost)$/;
/** Of one library: what it does inside says less than how it is entered. */
const NATIVE_SHOWN = 3;
const SHOWN = 10;

/**
 * The frames to look at, newest first: functions of libraries that are not the platform's and own methods. Native ones carry
 * "library.so!function" as their method. Where everything is the platform's, what there is of it without the C library.
 */
export function tellingFrames(frames: readonly AllocationFrame[]): AllocationFrame[] {
  const named = frames.filter(({ method }) => method !== '').map((frame) => ({ frame, native: frame.token === 0 }));
  const outermost = named.findLastIndex(({ native }) => !native);
  // What lies before managed code is the host that has started it.
  const inside = outermost < 0 ? named : named.slice(0, outermost + 1);
  const own = inside.filter(({ frame, native }) => (native ? !isPlumbing(frame) : isOwnManaged(frame)));
  const shown = own.length > 0 ? own : inside.filter(({ frame, native }) => !native || !isPlumbing(frame, LIBC));
  return shown
    .filter(({ native }, index) => !native || shown.slice(0, index).filter((one) => one.native).length < NATIVE_SHOWN)
    .map(({ frame, native }) => (native ? asLibrary(frame) : frame))
    .filter((frame, index, all) => !isSame(frame, all[index - 1]))
    .slice(0, SHOWN);
}

/** A method that was replaced while it ran has two frames, of old and of new code; one that calls itself needs no more than one. */
function isSame(one: AllocationFrame, before: AllocationFrame | undefined): boolean {
  return before !== undefined && one.token === before.token && one.modulePath === before.modulePath;
}

const LIBC = /^(?:lib(?:c|stdc\+\+|firstchance_agent)(?:[-.][\w.-]*)?|ld-.*)$/;

function isPlumbing({ modulePath }: AllocationFrame, known = PLUMBING): boolean {
  return known.test(path.basename(modulePath));
}

function isOwnManaged({ method, modulePath }: AllocationFrame): boolean {
  return isOwnFrame({ method, module: path.basename(modulePath) });
}

/** The function goes into the path too: it is what tells one native frame from another. */
function asLibrary(frame: AllocationFrame): AllocationFrame {
  const method = `${path.basename(frame.modulePath)}!${frame.method}`;
  return { ...frame, method, modulePath: `${frame.modulePath}!${frame.method}`, ilOffset: null };
}
