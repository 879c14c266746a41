import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Problem, toProblem } from '../problems/problem.ts';
import type { readTrx } from './read-trx.ts';
import type { TestResult } from './test-result.ts';

/** A file of more is of no use to a reader either. */
const MOST_BYTES = 64 * 1024 * 1024;

export interface TrxFilesOptions {
  /** Of the files that were written for us: they are moved into the session. */
  readonly prefix: string | undefined;
  readonly sessionFolder: string;
  readonly onProblem: (problem: Problem) => void;
}

/** The TRX files that the test platforms of a run write: where they do is seen by their processes. */
export class TrxFiles {
  readonly #options: TrxFilesOptions;
  readonly #folders = new Set<string>();
  /** Times of files are of a coarser clock, some milliseconds behind (ktime_get_coarse_real_ts64). */
  readonly #since = Date.now() - 100;

  constructor(options: TrxFilesOptions) {
    this.#options = options;
  }

  /** A process of the run: VSTest's console, a test executable or something else. */
  seen(pid: number, commandLine: readonly string[]): void {
    const named = commandLine.flatMap((argument, at) => {
      const [, inside] = /^--?results-?directory[:=](.*)$/i.exec(argument) ?? [];
      return inside ?? (/^--results-directory$/i.test(argument) ? (commandLine[at + 1] ?? []) : []);
    });
    const isConsole = commandLine.some((argument) => /^vstest\.console(?:\.dll)?$/.test(basename(argument)));
    const folder = workingFolder(pid);
    if (named.length === 0 && !isConsole && !/[/\\]/.test(commandLine[0] ?? '')) return;
    if (folder !== undefined) {
      for (const one of named) this.#folders.add(resolve(folder, one));
      if (named.length === 0) this.#folders.add(join(folder, 'TestResults'));
    }
    // A test executable of Microsoft.Testing.Platform writes beside itself.
    if (named.length === 0 && !isConsole) {
      const program = commandLine.find((argument) => argument.endsWith('.dll')) ?? commandLine[0] ?? '';
      this.#folders.add(join(dirname(resolve(folder ?? '/', program)), 'TestResults'));
    }
  }

  /** What they wrote since the run began. Files that cannot be read are a problem, no failure. */
  async read(): Promise<TestResult[]> {
    const files = [...this.#folders].flatMap((folder) => this.#files(folder));
    if (files.length === 0) return [];
    // A reader of XML takes long to load, and most runs have none.
    const { readTrx: reader } = await import('./read-trx.ts');
    return files.flatMap((file) => this.#read(file, reader));
  }

  #files(folder: string): string[] {
    try {
      return readdirSync(folder)
        .filter((name) => name.endsWith('.trx'))
        .map((name) => join(folder, name))
        .filter((file) => this.#isOwn(file) || statSync(file).mtimeMs >= this.#since);
    } catch {
      return []; // No results here.
    }
  }

  #isOwn(file: string): boolean {
    const { prefix } = this.#options;
    return prefix !== undefined && basename(file).startsWith(prefix);
  }

  #read(file: string, reader: typeof readTrx): TestResult[] {
    try {
      const path = this.#isOwn(file) ? this.#move(file) : file;
      if (statSync(path).size > MOST_BYTES) throw new Error(`it is larger than ${MOST_BYTES / 1024 / 1024} MiB`);
      return reader(readFileSync(path, 'utf8'));
    } catch (error) {
      this.#options.onProblem(toProblem('test results could not be read', file, error));
      return [];
    }
  }

  #move(file: string): string {
    const folder = join(this.#options.sessionFolder, 'results');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, basename(file));
    copyFileSync(file, path);
    chmodSync(path, 0o600);
    rmSync(file);
    try {
      rmdirSync(dirname(file));
    } catch {
      // It holds something of the user's.
    }
    return path;
  }
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined; // It is gone, or another user's.
  }
}
