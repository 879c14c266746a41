import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Outcome, type Running, type StartOptions, start } from './firstchance.ts';
import { processesWith } from './processes.ts';

/** Files a .NET runtime leaves in the temporary folder when it is killed or crashes: not ours. */
const OF_THE_RUNTIME = /^(dotnet-diagnostic-|clr-debug-pipe-|\.dotnet|coreclr)/;

/**
 * A session folder and a temporary folder for one test. What runs in it is found by its TMPDIR, so that what a run leaves
 * behind is seen whatever else runs on the machine.
 */
export class Sandbox implements Disposable {
  readonly path = mkdtempSync(path.join(tmpdir(), 'firstchance-e2e-'));
  readonly session = path.join(this.path, 'session');
  readonly temporary = path.join(this.path, 'tmp');

  /** @param owner user and group whose folders these are; only root may name another one */
  constructor(owner?: number) {
    mkdirSync(this.temporary);
    if (owner !== undefined) {
      for (const folder of [this.path, this.temporary]) chownSync(folder, owner, owner);
    }
  }

  /** Empty XDG_RUNTIME_DIR: sockets then lie in the temporary folder too. */
  get env(): NodeJS.ProcessEnv {
    return { TMPDIR: this.temporary, XDG_RUNTIME_DIR: '' };
  }

  /** Starts the firstchance command. */
  start(args: readonly string[], options: StartOptions = {}): Running {
    return start(args, { cwd: this.path, ...options, env: { ...this.env, ...options.env } });
  }

  firstchance(args: readonly string[], options?: StartOptions): Promise<Outcome> {
    return this.start(args, options).end();
  }

  /** `firstchance run` into the session folder. */
  run(options: readonly string[], command: readonly string[], more?: StartOptions): Promise<Outcome> {
    return this.firstchance(['run', ...options, '-x', this.session, '--', ...command], more);
  }

  /** Processes and temporary files that are still there. */
  leftovers(): string[] {
    const files = readdirSync(this.temporary).filter((name) => !OF_THE_RUNTIME.test(name));
    return [...this.#processes().map(({ pid, command }) => `process ${pid}: ${command}`), ...files];
  }

  [Symbol.dispose](): void {
    for (const { pid } of this.#processes()) process.kill(pid, 'SIGKILL');
    rmSync(this.path, { recursive: true, force: true });
  }

  #processes() {
    return processesWith(`TMPDIR=${this.temporary}`);
  }
}
