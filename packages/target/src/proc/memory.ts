import { readFileSync } from 'node:fs';

/** Memory of a process in bytes: `residentBytes` is VmRSS, `swappedBytes` VmSwap of /proc/PID/status (proc(5)). */
export interface MemoryUse {
  readonly residentBytes: number;
  readonly swappedBytes: number;
}

/** Undefined when the process is gone or has no memory any more (zombie). */
export function readMemory(pid: number): MemoryUse | undefined {
  try {
    return parseStatusMemory(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Parses the text of /proc/PID/status; undefined without a VmRSS line. */
export function parseStatusMemory(text: string): MemoryUse | undefined {
  const resident = /^VmRSS:\s*(\d+) kB$/m.exec(text)?.[1];
  if (resident === undefined) return undefined;
  const swapped = /^VmSwap:\s*(\d+) kB$/m.exec(text)?.[1] ?? '0';
  return { residentBytes: Number(resident) * 1024, swappedBytes: Number(swapped) * 1024 };
}
