import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../fixtures/heap/bin/heap.dll', import.meta.url));

/** A small quiet instance of the heap fixture that answers commands. */
export async function startHeap(environment: NodeJS.ProcessEnv = {}) {
  const args = [program, '--mb', '8', '--workers', '0', '--pulse', '0'];
  const child = spawn('dotnet', args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...environment } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Record<string, unknown>> => {
    for (;;) {
      const { value = '{}' } = await lines.next();
      // The runtime's createdump is a child of the target and writes its own lines to the target's stdout.
      if (value.startsWith('{')) {
        return JSON.parse(value) as Record<string, unknown>;
      }
    }
  };
  const { pid } = await next();
  return {
    pid: Number(pid),
    /** "ok" when nothing in the heap is damaged. */
    check: async () => {
      child.stdin.write('check\n');
      return (await next()).check;
    },
    stop: async () => {
      const gone = once(child, 'exit');
      child.stdin.end('quit\n');
      await gone;
    },
  };
}
