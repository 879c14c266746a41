import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fixtures } from '../../scripts/lib/paths.mjs';

/** The heap fixture as a process: a live heap of `mb` MB whose own thread logs every gap it felt. */
export class HeapTarget {
  /** @param more further options of the program */
  static async start(mb, env = {}, more = []) {
    const args = [path.join(fixtures, 'heap/bin/heap.dll'), '--mb', String(mb), ...more];
    const child = spawn('dotnet', args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ready = JSON.parse((await lines.next()).value);
    return new HeapTarget(child, lines, ready);
  }

  constructor(child, lines, ready) {
    this.child = child;
    this.lines = lines;
    this.pid = ready.pid;
    this.version = ready.version;
  }

  async ask(command) {
    this.child.stdin.write(`${command}\n`);
    for (;;) {
      const { value } = await this.lines.next();
      // createdump is a child of the target and writes its own lines to the target's stdout.
      if (value.startsWith('{')) {
        return JSON.parse(value);
      }
    }
  }

  /** The longest gap in ms that the target felt and that touches this window (CLOCK_MONOTONIC, ns); at least 1 ms. */
  async longestGapWithin(beginNs, endNs) {
    const { gaps } = await this.ask('gaps');
    let longest = 1e6; // shorter ones are not in the log
    for (let i = 0; i + 1 < gaps.length; i += 2) {
      if (gaps[i] < endNs && gaps[i + 1] > beginNs) {
        longest = Math.max(longest, gaps[i + 1] - gaps[i]);
      }
    }
    return longest / 1e6;
  }

  async stop() {
    const gone = once(this.child, 'exit');
    this.child.stdin.end('quit\n');
    await gone;
  }
}
