import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** What the memory map tells about the runtime in a process. "unreadable": not ours to look at. */
export type MappedRuntime = 'coreclr' | 'none' | 'unreadable';

/**
 * Looks for libcoreclr.so in /proc/PID/maps. This finds a runtime a moment before its diagnostics socket exists and also
 * when diagnostics are switched off; single-file programs carry the runtime inside and are known by their socket only.
 */
export function mappedRuntime(pid: number): MappedRuntime {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/maps`, 'utf8');
  } catch {
    return 'unreadable';
  }
  return mapsNameCoreClr(text) ? 'coreclr' : 'none';
}

export function mapsNameCoreClr(maps: string): boolean {
  for (const line of maps.split('\n')) {
    const slash = line.indexOf('/');
    if (slash > 0 && basename(line.slice(slash).replace(/ \(deleted\)$/, '')) === 'libcoreclr.so') return true;
  }
  return false;
}
