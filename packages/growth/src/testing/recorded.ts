import { of } from './parts.ts';
import type { Part } from './program.ts';

/** Operations of each recorded round. */
export const RECORDED_DOSE = 30;

/**
 * A recorded program as a part of a simulated one: its counts as a function of the operations done. Past the end of the record
 * what still grew in its last third goes on at that rate.
 */
export function recordedProgram(typesCsv: string, channelsCsv: string): Part {
  const types = rows(typesCsv)
    .slice(1)
    .map(([type = '', , ...counts]) => ({ type, counts: counts.map(Number) }));
  const [head = [], ...rounds] = rows(channelsCsv);
  const column = (name: string) => rounds.map((round) => Number(round[head.indexOf(name)]));
  const channels = {
    handles: column('handles'),
    threads: column('osThreads'),
    fileDescriptors: column('fds'),
    mappings: column('vmas'),
    mallocBytes: column('privDirtyKB').map((kb) => kb * 1024),
  };
  return ({ operations }) => {
    const at = operations / RECORDED_DOSE - 1;
    return {
      types: types.map(({ type, counts }) => of(type, '', level(counts, at), 48)),
      channels: Object.fromEntries(Object.entries(channels).map(([name, levels]) => [name, level(levels, at)])),
    };
  };
}

function level(levels: readonly number[], at: number): number {
  const last = levels.length - 1;
  const value = (index: number) => levels[Math.min(last, Math.max(0, index))] ?? 0;
  if (at <= last)
    return Math.round(value(Math.floor(at)) + (value(Math.floor(at) + 1) - value(Math.floor(at))) * (at % 1));
  const from = Math.floor((2 * last) / 3);
  return Math.round(value(last) + ((value(last) - value(from)) / (last - from)) * (at - last));
}

function rows(csv: string): string[][] {
  return csv
    .trim()
    .split('\n')
    .map((line) => [...line.matchAll(/"((?:[^"]|"")*)"|([^,]+)/g)].map((cell) => cell[1] ?? cell[2] ?? ''));
}
