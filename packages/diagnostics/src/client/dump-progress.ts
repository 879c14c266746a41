import { statSync } from 'node:fs';
import type { DumpProgress } from './types.ts';

const POLL_MS = 250;

/** Tells the size of a growing file until the returned function is called. A file that was there before is not counted. */
export function watchDump(path: string, onProgress: (progress: DumpProgress) => void): () => void {
  const started = performance.now();
  const before = fileIdentity(path);
  const timer = setInterval(() => {
    const elapsedMs = performance.now() - started;
    const now = fileIdentity(path);
    const isOld = now !== undefined && before !== undefined && now.key === before.key;
    const bytes = now === undefined || isOld ? null : now.bytes;
    onProgress({ bytes, elapsedMs, text: progressText(bytes, elapsedMs) });
  }, POLL_MS);
  return () => clearInterval(timer);
}

function progressText(bytes: number | null, elapsedMs: number): string {
  const seconds = `${(elapsedMs / 1000).toFixed(1)} s`;
  return bytes === null || bytes === 0
    ? `the runtime is choosing what to write (${seconds})`
    : `the runtime has written ${(bytes / 1e6).toFixed(1)} MB (${seconds})`;
}

export function fileSize(path: string): number | null {
  return fileIdentity(path)?.bytes ?? null;
}

function fileIdentity(path: string): { key: string; bytes: number } | undefined {
  try {
    const stat = statSync(path);
    return { key: `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeMs}`, bytes: stat.size };
  } catch {
    return undefined;
  }
}
