import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildFixture } from './build.ts';
import { TemporaryFolder } from './temporary-folder.ts';

interface SubjectOptions {
  /** An older runtime, brought along by a self-contained build. */
  readonly framework?: 'net8.0' | 'net9.0';
  readonly env?: Record<string, string>;
  /** Command that starts the program: the program's own command line is appended. */
  readonly wrapper?: string[];
  /** Do not wait for its first line: it is suspended. */
  readonly suspended?: boolean;
}

export function buildSubject(framework?: 'net8.0' | 'net9.0'): Promise<string> {
  if (!framework) return buildFixture('subject');
  const runtime = [`RuntimeIdentifier=linux-${process.arch}`, 'SelfContained=true'];
  return buildFixture('subject', `SubjectFramework=${framework}`, ...runtime);
}

/** A real .NET process that answers each line it is told with one line. */
export class Subject implements AsyncDisposable {
  readonly process: ChildProcessWithoutNullStreams;
  /** Pid of the .NET process as seen from here. */
  pid: number;
  errors = '';
  readonly #lines: AsyncIterator<string>;
  readonly #folder: TemporaryFolder;

  private constructor(child: ChildProcessWithoutNullStreams, folder: TemporaryFolder) {
    this.process = child;
    this.#folder = folder;
    this.pid = child.pid ?? 0;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.on('data', (chunk) => {
      this.errors += chunk;
    });
    child.stdin.on('error', () => {});
  }

  static async start({ framework, env = {}, wrapper = [], suspended = false }: SubjectOptions = {}): Promise<Subject> {
    const output = await buildSubject(framework);
    const program = framework ? [join(output, 'subject')] : ['dotnet', join(output, 'subject.dll')];
    const [command = 'dotnet', ...rest] = [...wrapper, ...program];
    // A runtime that is killed leaves its socket and pipes in TMPDIR.
    const folder = await TemporaryFolder.create();
    const child = spawn(command, rest, { env: { ...process.env, TMPDIR: folder.path, ...env } });
    const subject = new Subject(child, folder);
    if (suspended) return subject;
    const line = await subject.line();
    if (!line.startsWith('ready')) throw new Error(`the subject did not start: ${line}${subject.errors}`);
    if (wrapper.length > 0) subject.pid = await lastDescendant(subject.pid);
    return subject;
  }

  async line(): Promise<string> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) return '(ended)';
      // createdump of .NET 8 and 9 speaks on its target's standard output, at times after the dump was answered.
      if (!value.startsWith('[createdump]')) return value;
    }
  }

  async tell(words: string): Promise<string> {
    this.process.stdin.write(`${words}\n`);
    return await this.line();
  }

  /** Stops all its threads and returns when they stand: kill(2) returns while they may still run a little. */
  async freeze(): Promise<void> {
    process.kill(this.pid, 'SIGSTOP');
    const folder = `/proc/${this.pid}/task`;
    const stands = async (task: string) =>
      / [tT] /.test((await readFile(`${folder}/${task}/stat`, 'utf8')).split(')').at(-1) ?? '');
    for (let standing = false; !standing; ) {
      standing = (await Promise.all((await readdir(folder)).map(stands))).every(Boolean);
    }
  }

  /** Ends the program by its own way out; its exit code proves that it was not harmed. */
  async quit(): Promise<number | null> {
    const ended = once(this.process, 'exit');
    this.process.stdin.write('quit\n');
    const [code] = await ended;
    return code;
  }

  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    try {
      process.kill(this.pid, 'SIGKILL');
    } catch {
      // it has ended already
    }
    this.process.kill('SIGKILL');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.#folder[Symbol.asyncDispose]();
  }
}

async function lastDescendant(pid: number): Promise<number> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim();
  return children === '' ? pid : await lastDescendant(Number(children.split(' ')[0]));
}
