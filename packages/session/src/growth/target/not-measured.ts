import type { OtherProcess } from './hosted-target.ts';

/** Of more than these no person wants to read. */
const SHOWN = 3;
const LONGEST = 80;

/**
 * What a check of one process must say of a program that consists of several: a PASS holds for the one alone.
 * @returns no note, or one
 */
export function notMeasuredNotes(others: readonly OtherProcess[]): readonly string[] {
  if (others.length === 0) return [];
  const shown = others
    .slice(0, SHOWN)
    .map(({ pid, commandLine, name }) => `"${clipped(commandLine, name)}" (pid ${pid})`);
  const more = others.length > SHOWN ? ` and ${others.length - SHOWN} more` : '';
  const one = others.length === 1;
  return [
    `not measured: ${shown.join(', ')}${more}, ${one ? 'another .NET process' : 'other .NET processes'} of the program. A check ` +
      `judges one process: with the program running, --attach PID checks ${one ? 'that one' : 'one of them'}`,
  ];
}

/** The end tells processes of one program apart. */
function clipped(commandLine: readonly string[], name: string): string {
  const text = commandLine.join(' ') || name;
  return text.length <= LONGEST ? text : `…${text.slice(1 - LONGEST)}`;
}
