import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import {
  type CancellationToken,
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  ProgressType,
  RequestType,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { AgentEngine, AgentTotals, CallOptions, Decider } from '../engine.ts';
import { engineFolder } from '../locate/find-engine.ts';
import type { ArmRequest, DecideRequest, Decision, EngineEvents } from '../wire/agents.ts';
import type { CaptureProgress, CaptureResult, DumpFacts, TakeRequest } from '../wire/capture.ts';
import { EngineError, isWireError } from '../wire/error.ts';
import type { EngineHello, ProcessFacts } from '../wire/process.ts';
import { StderrTail } from './stderr-tail.ts';

export interface EngineProcessOptions {
  /** The executable; found by itself when absent. */
  readonly executable?: string;
  /** File for the engine's diagnostics. */
  readonly logFile?: string;
}

const DECIDE = new RequestType<DecideRequest, Decision, void>('capture/decide');
const PROGRESS = new ProgressType<CaptureProgress>();
/** How long the engine may take to let its targets go before it is killed. */
const CLOSE_LIMIT_MS = 20_000;

/** The engine as a helper process that speaks JSON-RPC over its standard streams. */
export class EngineProcess implements AgentEngine {
  readonly #child: ChildProcess;
  readonly #connection: MessageConnection;
  readonly #stderr: StderrTail;
  readonly #exited: Promise<unknown>;
  readonly #died = new Set<(reason: string) => void>();
  #hello: EngineHello | undefined;
  #closing = false;
  #end: string | null = null;
  #nextToken = 1;

  private constructor(child: ChildProcess, connection: MessageConnection, stderr: StderrTail) {
    this.#child = child;
    this.#connection = connection;
    this.#stderr = stderr;
    this.#exited = once(child, 'exit').then(([code, signal]) => this.#onExit(code, signal));
    this.#exited.catch(() => undefined);
  }

  /** @throws EngineError `engine-missing` or `engine-died` */
  static async start(options: EngineProcessOptions = {}): Promise<EngineProcess> {
    const executable = options.executable ?? path.join(engineFolder(), 'firstchance-engine');
    const env = options.logFile === undefined ? process.env : { ...process.env, FIRSTCHANCE_LOG: options.logFile };
    const child = spawn(executable, [], { stdio: ['pipe', 'pipe', 'pipe'], env });
    try {
      await once(child, 'spawn');
    } catch (cause) {
      const what = `Starting the engine ${executable}`;
      throw new EngineError({ code: 'engine-missing', what, why: (cause as Error).message }, { cause });
    }
    // A write to an engine that has just died is reported by its exit, not as an unhandled stream error.
    child.stdin.on('error', () => undefined);
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    connection.onError(() => undefined);
    const engine = new EngineProcess(child, connection, new StderrTail(child.stderr));
    connection.onRequest(DECIDE, (): Decision => ({ action: 'drop', reason: 'nobody decides' }));
    connection.listen();
    engine.#hello = await engine.#call<EngineHello>('engine/hello', {});
    return engine;
  }

  get hello(): EngineHello {
    if (this.#hello === undefined) {
      throw new Error('The engine has not answered yet.');
    }
    return this.#hello;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  inspectProcess(pid: number): Promise<ProcessFacts> {
    return this.#call('process/inspect', { pid });
  }

  take(request: TakeRequest, options: CallOptions = {}): Promise<CaptureResult> {
    return this.#call('capture/take', request, options);
  }

  inspectDump(file: string, options: CallOptions & { stacks?: boolean; topTypes?: boolean } = {}): Promise<DumpFacts> {
    const { stacks = true, topTypes = true } = options;
    return this.#call('dump/inspect', { file: path.resolve(file), stacks, topTypes }, options);
  }

  async unpackDump(file: string, output: string, options: CallOptions = {}): Promise<number> {
    const params = { file: path.resolve(file), output: path.resolve(output) };
    return (await this.#call<{ bytes: number }>('dump/unpack', params, options)).bytes;
  }

  async arm(request: ArmRequest): Promise<void> {
    await this.#call('agents/arm', request);
  }

  disarm(): Promise<AgentTotals> {
    return this.#call('agents/disarm', {});
  }

  async attachPayload(): Promise<{ clsid: string; path: string; data: Uint8Array }> {
    type Payload = { clsid: string; path: string; dataBase64: string };
    const payload = await this.#call<Payload>('agents/attachPayload', {});
    return {
      clsid: payload.clsid,
      path: payload.path,
      data: new Uint8Array(Buffer.from(payload.dataBase64, 'base64')),
    };
  }

  onDecide(decide: Decider): void {
    this.#connection.onRequest(DECIDE, async (request): Promise<Decision> => {
      try {
        return await decide(request);
      } catch (error) {
        return { action: 'drop', reason: String(error) };
      }
    });
  }

  on<E extends keyof EngineEvents>(event: E, listener: (value: EngineEvents[E]) => void): void {
    this.#connection.onNotification(event, listener);
  }

  onDied(listener: (reason: string) => void): void {
    this.#died.add(listener);
  }

  /** Lets the captures under way end, then the engine; kills it when that takes too long. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), CLOSE_LIMIT_MS);
    await this.#exited;
    clearTimeout(timer);
  }

  /** Ends the engine with its captures cancelled: targets are let go, partial files removed. */
  async cancel(): Promise<void> {
    this.#closing = true;
    this.#child.kill('SIGTERM');
    await this[Symbol.asyncDispose]();
  }

  async #call<T>(method: string, params: object, options: CallOptions = {}): Promise<T> {
    if (this.#end !== null) {
      throw this.#deathError(method);
    }
    const token = `progress-${this.#nextToken++}`;
    const progress =
      options.onProgress === undefined ? null : this.#connection.onProgress(PROGRESS, token, options.onProgress);
    const { source, dispose } = cancellation(options.signal);
    try {
      const sent = progress === null ? params : { ...params, progressToken: token };
      // The connection does not fail pending requests when the engine dies: race them with its exit.
      const answer = this.#connection.sendRequest<T>(method, sent, source);
      answer.catch(() => undefined);
      return await Promise.race([answer, this.#exited.then(() => Promise.reject(this.#deathError(method)))]);
    } catch (error) {
      throw this.#toEngineError(method, error);
    } finally {
      progress?.dispose();
      dispose();
    }
  }

  #toEngineError(method: string, error: unknown): EngineError {
    if (error instanceof EngineError) {
      return error;
    }
    if (error instanceof ResponseError && isWireError(error.data)) {
      return new EngineError(error.data, { cause: error });
    }
    if (this.#end !== null || this.#child.exitCode !== null) {
      return this.#deathError(method);
    }
    const why = error instanceof Error ? error.message : String(error);
    return new EngineError({ code: 'internal', what: `Asking the engine for ${method}`, why }, { cause: error });
  }

  #deathError(method: string): EngineError {
    const why = `the engine ended with ${this.#end ?? 'no answer'}${this.#stderr.text()}`;
    return new EngineError({ code: 'engine-died', what: `Asking the engine for ${method}`, why });
  }

  #onExit(code: number | null, signal: string | null): void {
    this.#end = signal === null ? `exit code ${code}` : `signal ${signal}`;
    this.#connection.dispose();
    if (!this.#closing) {
      for (const listener of this.#died) {
        listener(`${this.#end}${this.#stderr.text()}`);
      }
    }
  }
}

function cancellation(signal: AbortSignal | undefined): { source: CancellationToken; dispose: () => void } {
  const source = new CancellationTokenSource();
  const cancel = () => source.cancel();
  if (signal?.aborted === true) {
    cancel();
  }
  signal?.addEventListener('abort', cancel, { once: true });
  const dispose = () => {
    signal?.removeEventListener('abort', cancel);
    source.dispose();
  };
  return { source: source.token, dispose };
}
