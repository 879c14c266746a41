import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** As it is installed, of the last build (test/support/installed.mjs). */
export const cli = path.join(root, 'dist/installed/firstchance/bin/firstchance.js');

/** The built program of a fixture. */
export const fixture = (name: string) => path.join(root, 'fixtures', name, 'bin', `${name}.dll`);

export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface StartOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  stdin?: 'ignore' | 'pipe';
  /** In a process group and session of its own, as a terminal's jobs are. */
  detached?: boolean;
  /** Only the given environment, nothing of ours. */
  bare?: boolean;
  /** The user and group to run as; only root may say so. */
  uid?: number;
  gid?: number;
}

/** A running command whose output is collected. */
export class Running {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly #ended: Promise<[number | null, NodeJS.Signals | null]>;

  constructor(
    command: string,
    args: readonly string[],
    { env, stdin = 'ignore', bare = false, ...options }: StartOptions = {},
  ) {
    this.child = spawn(command, args, {
      ...options,
      env: bare ? env : { ...process.env, NO_COLOR: '1', ...env },
      stdio: [stdin, 'pipe', 'pipe'],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.child.emit('output');
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.child.emit('output');
    });
    this.#ended = once(this.child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  }

  /** Waits until the output holds `text`. */
  async until(text: string): Promise<void> {
    while (!`${this.stdout}${this.stderr}`.includes(text)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`It ended before it said "${text}":\n${this.stdout}${this.stderr}`);
      }
      await Promise.race([once(this.child, 'output'), this.#ended]);
    }
  }

  async end(): Promise<Outcome> {
    const [code, signal] = await this.#ended;
    return { code, signal, stdout: this.stdout, stderr: this.stderr };
  }
}

export const start = (args: readonly string[], options?: StartOptions) =>
  new Running(process.execPath, [cli, ...args], options);
export const firstchance = (args: readonly string[], options?: StartOptions) => start(args, options).end();
export const dotnet = (args: readonly string[], options?: StartOptions) => new Running('dotnet', args, options).end();

/** A folder that is removed when the test ends. */
export function temporaryFolder(): { path: string } & Disposable {
  const folder = mkdtempSync(path.join(tmpdir(), 'firstchance-e2e-'));
  return { path: folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A record of the manifest, as loosely as the contract lets it be. */
export type ManifestLine = { record: string; id?: string } & Record<string, unknown>;

export function readManifest(folder: string): ManifestLine[] {
  return readFileSync(path.join(folder, 'manifest.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ManifestLine);
}

export interface CaptureJson {
  id: string;
  pid: number;
  process: { name: string; runtime: string };
  trigger: { kind: string; detail: string };
  exception: {
    type: string;
    message: string | null;
    hresult: number;
    inner: { type: string; message: string | null }[];
    stack: { method: string; module: string; file: string | null; line: number | null }[];
  } | null;
  test: { title: string[]; candidates: number } | null;
  pauseMs: number | null;
  captureMethod: string;
  gc: string;
  dump: { kind: string; path: string; bytes: number; rawBytes: number } | null;
  threads: { name: string; stack: { method: string }[] }[];
  awaiting: { method: string; awaits: { method: string }[] }[];
  topTypes: { type: string; instances: number }[];
  dominators?: { type: string }[];
  notes: string[];
}

/** The captures that a session folder keeps, with all their detail, in order of their ids. */
export function readCaptures(folder: string): CaptureJson[] {
  const records = readManifest(folder);
  const ids = new Set(records.filter((line) => line.record === 'capture').map((line) => String(line.id)));
  for (const { captureId, kept } of records) if (kept === false) ids.delete(String(captureId));
  return [...ids]
    .sort()
    .map((id) => JSON.parse(readFileSync(path.join(folder, 'captures', id, 'capture.json'), 'utf8')) as CaptureJson);
}

export const endRecord = (folder: string) => readManifest(folder).findLast((line) => line.record === 'end');
