import { readFileSync } from 'node:fs';

/**
 * Environment a process was started with. A later change by the process itself is not seen.
 * Undefined when it may not be read: another user's process, or one that is gone.
 */
export function readEnvironment(pid: number): Map<string, string> | undefined {
  try {
    const result = new Map<string, string>();
    for (const entry of readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')) {
      const equals = entry.indexOf('=');
      if (equals > 0) result.set(entry.slice(0, equals), entry.slice(equals + 1));
    }
    return result;
  } catch {
    return undefined;
  }
}
