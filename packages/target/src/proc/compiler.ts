import { readdirSync, readFileSync } from 'node:fs';
import { parseStat } from './stat.ts';

/** ".NET Tiered Compilation Worker" (src/coreclr/vm/tieredcompilation.cpp), of which the kernel keeps 15 characters. */
const WORKER = '.NET Tiered Com';

/**
 * Whether the runtime compiles hot methods again at this moment, on its background thread. Meanwhile the compiler holds some
 * megabytes of malloc memory, which it frees with each method. False when there is no such process.
 */
export function isCompiling(pid: number): boolean {
  const folder = `/proc/${pid}/task`;
  try {
    return readdirSync(folder).some((task) => isAtWork(`${folder}/${task}/stat`));
  } catch {
    return false;
  }
}

function isAtWork(file: string): boolean {
  try {
    const stat = parseStat(readFileSync(file, 'utf8'));
    // "R" runs or would run, "D" waits for a page.
    return stat?.comm === WORKER && (stat.state === 'R' || stat.state === 'D');
  } catch {
    return false; // it has ended
  }
}
