import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { EXIT, nameHint, OPTIONS, UsageError, writtenOption } from '@firstchance/model/options';
import { SessionError } from './errors.ts';
import { sentenceError } from './sentence-error.ts';
import { SessionClient } from './session-client.ts';

/** Options of `firstchance serve` by their names in the configuration file, which they override. */
export type ServerOptions = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface StartServerOptions {
  readonly runner: string;
  readonly version: string;
  readonly options?: ServerOptions;
  /** Working folder: configuration file and .firstchance are there. */
  readonly folder?: string;
}

/** A session's server that this process started and owns. Disposed, it ends. */
export interface OwnedServer extends AsyncDisposable {
  /** Our connection, answered when the session is open. Rejects when it does not open: SessionError. */
  readonly client: Promise<SessionClient>;
  /** Session folder, absolute. */
  readonly folder: string;
  /** What workers and the programs under test need in their environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The one line `firstchance serve` writes to standard output: who connects from now on waits until the session is open. */
export type ReadyLine = Pick<OwnedServer, 'folder' | 'environment'>;

/**
 * Starts `firstchance serve` and connects to it as its owner, in the background. It has a session of its own (setsid), so that Ctrl-C reaches the
 * runner alone; it ends when this process or the connection does: its standard input is a pipe that only we hold.
 * @throws SessionError `server-not-started`, UsageError for options that are none
 */
export async function startServer(request: StartServerOptions): Promise<OwnedServer> {
  const { runner, version, options = {}, folder: workingFolder = process.cwd() } = request;
  // What was typed, for the report: how the runner itself was found does not matter there.
  const command = [runner, ...process.argv.slice(2)];
  const child = spawn(process.execPath, [commandPath(), 'serve', ...asArguments(options), '--', ...command], {
    ...{ cwd: workingFolder, detached: true, stdio: ['pipe', 'pipe', 'inherit'] },
  });
  child.stdin?.on('error', () => {});
  try {
    const { folder, environment } = await ready(child);
    const socketFolder = environment.FIRSTCHANCE_SESSION ?? folder;
    const client = SessionClient.connect({ folder: socketFolder, role: 'owner', runner, version });
    // Who waits for it hears of it.
    client.catch(() => {});
    return owned(child, client, { folder, environment });
  } catch (error) {
    child.stdin?.end();
    unref(child);
    throw error;
  }
}

function owned(child: ChildProcess, client: Promise<SessionClient>, facts: ReadyLine): OwnedServer {
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  unref(child);
  return {
    ...{ client, ...facts },
    [Symbol.asyncDispose]: async () => {
      child.ref();
      child.stdin?.end();
      const connected = await client.catch(() => undefined);
      await connected?.[Symbol.asyncDispose]();
      if (child.exitCode === null && child.signalCode === null) await exited;
    },
  };
}

/** Before anything is started. @throws a sentence, with the code "usage", that names what is no option of `serve` */
export function checkOptions(options: ServerOptions): void {
  try {
    asArguments(options);
  } catch (error) {
    throw error instanceof UsageError ? sentenceError(error.message, error.code) : error;
  }
}

/** Options as the command line takes them. @throws UsageError that names what is no option of `serve` */
export function asArguments(options: ServerOptions): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const option = OPTIONS.find((one) => one.name === name && one.commands.includes('serve'));
    if (!option) throw noOption(name);
    const long = writtenOption(option);
    if (option.type === 'switch') return value === (option.default === true) ? [] : [long];
    const values = Array.isArray(value) ? value : [value];
    const unit = option.type === 'duration' && typeof value === 'number' ? 'ms' : '';
    return values.map((one) => `${long}=${one}${unit}`);
  });
}

function noOption(name: string): UsageError {
  const names = OPTIONS.filter(({ commands }) => commands.includes('serve')).map((one) => one.name);
  return new UsageError(`"${name}" is no option of the firstchance adapter; ${nameHint(name, names)}`);
}

function commandPath(): string {
  const manifest = createRequire(import.meta.url).resolve('firstchance/package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { firstchance: string } };
  return join(dirname(manifest), bin.firstchance);
}

async function ready(child: ChildProcess): Promise<ReadyLine> {
  const failure = (why: string, cause?: unknown) =>
    new SessionError(
      {
        ...{ code: 'server-not-started', what: 'Starting firstchance serve', why },
        cure: 'run: npx firstchance doctor',
      },
      { cause },
    );
  const { stdout } = child;
  if (!stdout) throw failure('it has no standard output');
  return await new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(failure(cause.message, cause)));
    child.once('exit', (code, signal) => {
      if (code === EXIT.usage) reject(new UsageError('firstchance does not understand its options; it says why above'));
      else reject(failure(`it ended with ${signal ?? code} before it was ready`));
    });
    createInterface({ input: stdout }).once('line', (line) => {
      const content = readyLine(line);
      if (content) resolve(content);
      else reject(failure(`its first line was not understood: ${line.slice(0, 200)}`));
    });
  });
}

function readyLine(line: string): ReadyLine | undefined {
  try {
    const content = JSON.parse(line) as Partial<ReadyLine> | null;
    const known = typeof content?.folder === 'string' && typeof content.environment === 'object';
    return known ? (content as ReadyLine) : undefined;
  } catch {
    return undefined;
  }
}

/** A runner ends when it has nothing left to do: the server must not count. */
function unref(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout]) (stream as unknown as { unref?(): void } | null)?.unref?.();
}
