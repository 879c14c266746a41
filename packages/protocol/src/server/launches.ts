import { StringDecoder } from 'node:string_decoder';
import { commandEnvironment, type Session } from '@firstchance/session';
import { type LaunchedCommand, launch } from '@firstchance/target';
import type { ParamsOf } from '../wire/requests.ts';
import type { Progress, TargetExit } from '../wire/values.ts';
import type { ServeRequest } from './request.ts';

/** A program gets this long to end by itself before it is killed. */
const STOP_MS = 2_000;

/** Programs under test that clients asked for. They outlive the client that asked, never the session. */
export class Launches implements AsyncDisposable {
  readonly #session: Session;
  readonly #request: Pick<ServeRequest, 'plan' | 'environment' | 'logFile'>;
  readonly #running = new Map<number, LaunchedCommand>();

  constructor(session: Session, request: Pick<ServeRequest, 'plan' | 'environment' | 'logFile'>) {
    this.#session = session;
    this.#request = request;
  }

  /** @throws TargetError when it does not start */
  async launch(params: ParamsOf<'target/launch'>, tell: (progress: Progress) => void): Promise<number> {
    const { command, folder, targetId } = params;
    const { plan, logFile } = this.#request;
    const environment = { ...this.#request.environment, ...params.environment };
    this.#session.starting(environment);
    const launched = await launch({
      ...{ command, folder, stdin: 'ignore' },
      environment: await commandEnvironment(
        { plan: { ...plan, command }, environment, ...(logFile === undefined ? {} : { logFile }) },
        this.#session,
      ),
      onOutput: outputTeller((stream, text) => tell({ about: 'output', targetId, stream, text })),
    });
    const { pid } = launched;
    this.#running.set(pid, launched);
    void launched.exited.then(({ exitCode, signal }) => {
      this.#running.delete(pid);
      this.#session.processEnded(pid, exitCode);
      tell({ about: 'exit', targetId, pid, exitCode, signal });
    });
    return pid;
  }

  /** It was launched, and its end is still to be told. */
  has(pid: number): boolean {
    return this.#running.has(pid);
  }

  /** Ends one; null and null when it is none of ours, or has ended before. */
  async stop(pid: number): Promise<TargetExit> {
    const command = this.#running.get(pid);
    if (!command) return { exitCode: null, signal: null };
    await this.#session.runners.lastOf(pid);
    command.signalGroup('SIGTERM');
    const grace = setTimeout(() => command.signalGroup('SIGKILL'), STOP_MS);
    try {
      return await command.exited;
    } finally {
      clearTimeout(grace);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running.keys()].map((pid) => this.stop(pid)));
  }
}

/** Chunks end anywhere, also within a character. */
function outputTeller(tell: (stream: 'stdout' | 'stderr', text: string) => void) {
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  return (stream: 'stdout' | 'stderr', chunk: Buffer) => {
    const text = decoders[stream].write(chunk);
    if (text !== '') tell(stream, text);
  };
}
