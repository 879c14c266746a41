import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { errorText } from '@firstchance/model';
import { ErrorCodes, type MessageConnection, ProgressType, RequestType, ResponseError } from 'vscode-jsonrpc/node';
import { z } from 'zod';
import type { AgentEngine, AgentTotals, CallOptions, CollectOptions, Decider, InspectOptions } from '../engine.ts';
import { engineFolder } from '../locate/find-engine.ts';
import { switchedOn } from '../locate/switch.ts';
import type { ArmRequest, Decision, EngineEvents } from '../wire/agents.ts';
import { decideRequestSchema, payloadSchema, totalsSchema } from '../wire/agents-schema.ts';
import type { CaptureProgress, CaptureResult, DumpFacts, TakeRequest } from '../wire/capture.ts';
import type { Census, CensusRequest, Collected, GraphOptions, HeapGraphResult } from '../wire/census.ts';
import { collectedSchema } from '../wire/census-schema.ts';
import { EngineError, isWireError } from '../wire/error.ts';
import type { NativeReport } from '../wire/native-sampling.ts';
import { nativeReportSchema } from '../wire/native-sampling-schema.ts';
import type { EngineHello, ProcessFacts } from '../wire/process.ts';
import type { SurvivorReport } from '../wire/sampling.ts';
import { survivorReportSchema } from '../wire/sampling-schema.ts';
import { ANSWERS, understand } from '../wire/understand.ts';
import { cancellation } from './cancellation.ts';
import { openChannel } from './channel.ts';
import { EventHub } from './event-hub.ts';
import { StderrTail } from './stderr-tail.ts';

export interface EngineProcessOptions {
  /** The executable; found by itself when absent. */
  readonly executable?: string;
  /** Its arguments; none when absent. */
  readonly arguments?: readonly string[];
  /** File for the engine's diagnostics. */
  readonly logFile?: string;
  /** How long the engine may take to answer at all, in ms. */
  readonly startLimitMs?: number;
  /** How long it may take to let its targets go when it is closed, before it is killed, in ms. */
  readonly closeLimitMs?: number;
}

const DECIDE = new RequestType<unknown, Decision, void>('capture/decide');
const PROGRESS = new ProgressType<unknown>();
/** Answers that the connection makes up itself when there is no engine to answer. */
const CHANNEL_ERRORS: readonly number[] = [
  ErrorCodes.PendingResponseRejected,
  ErrorCodes.ConnectionInactive,
  ErrorCodes.MessageWriteError,
  ErrorCodes.MessageReadError,
];
const START_LIMIT_MS = 30_000;
const OUTPUT_CLOSED_MS = 1_000;
const CLOSE_LIMIT_MS = 20_000;

/** The engine as a helper process that speaks JSON-RPC over its standard streams. */
export class EngineProcess implements AgentEngine {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #connection: MessageConnection;
  readonly #stderr: StderrTail;
  /** Resolves when the process is gone and all it wrote has been read. */
  readonly #ended: Promise<void>;
  readonly #events = new EventHub();
  readonly #died = new Set<(reason: string) => void>();
  readonly #closeLimitMs: number;
  #hello: EngineHello | undefined;
  #decide: Decider = () => ({ action: 'drop', reason: 'nobody decides' });
  #closing = false;
  /** Why it cannot be talked to any more. */
  #broken: string | null = null;
  #killed = false;
  /** How it ended; null while it lives. */
  #end: string | null = null;
  #nextToken = 1;

  private constructor(child: ChildProcessWithoutNullStreams, closeLimitMs: number) {
    this.#child = child;
    this.#closeLimitMs = closeLimitMs;
    this.#stderr = new StderrTail(child.stderr);
    // A write to an engine that has just died is reported by its exit, not as an unhandled stream error.
    child.stdin.on('error', () => undefined);
    const channel = openChannel(child.stdout, child.stdin);
    this.#connection = channel.connection;
    // "close" comes after "exit" and the last byte of output: an answer written just before the end is still an answer.
    this.#ended = once(child, 'close').then(async ([code, signal]) => {
      await channel.drained();
      this.#onEnd(code, signal);
    });
    this.#connection.onError(([error]) =>
      this.#break(`it wrote what is no JSON-RPC (${error.message.split('\n')[0]})`),
    );
    this.#connection.onClose(() => this.#onOutputClosed());
    this.#connection.onRequest(DECIDE, (params) => this.#onDecide(params));
    for (const event of EventHub.events)
      this.#connection.onNotification(event, (params: unknown) => this.#events.dispatch(event, params));
    this.#connection.listen();
  }

  /** @throws EngineError `engine-missing`, `engine-died` or `deadline-exceeded` */
  static async start(options: EngineProcessOptions = {}): Promise<EngineProcess> {
    const executable = options.executable ?? path.join(switchedOn(engineFolder), 'firstchance-engine');
    const env = options.logFile === undefined ? process.env : { ...process.env, FIRSTCHANCE_LOG: options.logFile };
    const what = `Starting the engine ${executable}`;
    // In a session of its own: what timeout(1), a CI that cancels or a terminal that closes sends to the whole group is for us, who
    // let it finish what it holds. When we are gone its input ends, and so does it.
    const stdio: ['pipe', 'pipe', 'pipe'] = ['pipe', 'pipe', 'pipe'];
    const child = spawn(executable, [...(options.arguments ?? [])], { stdio, env, detached: true });
    try {
      await once(child, 'spawn');
    } catch (cause) {
      throw new EngineError({ code: 'engine-missing', what, why: errorText(cause) }, { cause });
    }
    const engine = new EngineProcess(child, options.closeLimitMs ?? CLOSE_LIMIT_MS);
    const limit = options.startLimitMs ?? START_LIMIT_MS;
    const timer = setTimeout(() => engine.#break(`it said nothing for ${limit} ms`), limit);
    try {
      engine.#hello = await engine.#call('engine/hello', {}, ANSWERS.hello);
      return engine;
    } catch (error) {
      // Nobody will ever close an engine that was not handed out.
      engine.#closing = true;
      child.kill('SIGKILL');
      await engine.#ended;
      throw error;
    } finally {
      clearTimeout(timer);
    }
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
    return this.#call('process/inspect', { pid }, ANSWERS.processFacts);
  }

  take(request: TakeRequest, options: CallOptions = {}): Promise<CaptureResult> {
    return this.#call('capture/take', request, ANSWERS.captureResult, options);
  }

  inspectDump(file: string, options: InspectOptions = {}): Promise<DumpFacts> {
    const { stacks = true, topTypes = true } = options;
    return this.#call('dump/inspect', { file: path.resolve(file), stacks, topTypes }, ANSWERS.dumpFacts, options);
  }

  async unpackDump(file: string, output: string, options: CallOptions = {}): Promise<number> {
    const params = { file: path.resolve(file), output: path.resolve(output) };
    return (await this.#call('dump/unpack', params, ANSWERS.unpacked, options)).bytes;
  }

  census(request: CensusRequest, options: CallOptions = {}): Promise<Census> {
    return this.#call('census/take', request, ANSWERS.census, options);
  }

  heapGraph(file: string, output: string, options: CallOptions & GraphOptions = {}): Promise<HeapGraphResult> {
    const { dominators = true } = options;
    const params = { file: path.resolve(file), output: path.resolve(output), dominators };
    return this.#call('heap/graph', params, ANSWERS.heapGraph, options);
  }

  async arm(request: ArmRequest): Promise<void> {
    await this.#call('agents/arm', request, z.unknown());
  }

  disarm(): Promise<AgentTotals> {
    return this.#call('agents/disarm', {}, totalsSchema);
  }

  async attachPayload(): Promise<{ clsid: string; path: string; data: Uint8Array }> {
    const payload = await this.#call('agents/attachPayload', {}, payloadSchema);
    return {
      clsid: payload.clsid,
      path: payload.path,
      data: new Uint8Array(Buffer.from(payload.dataBase64, 'base64')),
    };
  }

  collect(pid: number, options: CollectOptions = {}): Promise<Collected> {
    return this.#askAgent('agents/collect', { pid }, collectedSchema, options);
  }

  async startSampling(pid: number, options: CollectOptions = {}): Promise<void> {
    await this.#askAgent('agents/sample', { pid, action: 'start' }, survivorReportSchema, options);
  }

  reportSurvivors(pid: number, options: CollectOptions = {}): Promise<SurvivorReport> {
    return this.#askAgent('agents/sample', { pid, action: 'report' }, survivorReportSchema, options);
  }

  async stopSampling(pid: number, options: CollectOptions = {}): Promise<void> {
    await this.#askAgent('agents/sample', { pid, action: 'stop' }, survivorReportSchema, options);
  }

  async startNativeSampling(
    pid: number,
    { periodBytes, ...options }: CollectOptions & { periodBytes?: number } = {},
  ): Promise<void> {
    const params = { pid, kind: 'native', action: 'start', ...(periodBytes === undefined ? {} : { periodBytes }) };
    await this.#askAgent('agents/sample', params, nativeReportSchema, options);
  }

  reportNative(pid: number, options: CollectOptions = {}): Promise<NativeReport> {
    return this.#askAgent('agents/sample', { pid, kind: 'native', action: 'report' }, nativeReportSchema, options);
  }

  async stopNativeSampling(pid: number, options: CollectOptions = {}): Promise<void> {
    await this.#askAgent('agents/sample', { pid, kind: 'native', action: 'stop' }, nativeReportSchema, options);
  }

  onDecide(decide: Decider): void {
    this.#decide = decide;
  }

  on<E extends keyof EngineEvents>(event: E, listener: (value: EngineEvents[E]) => void): void {
    this.#events.on(event, listener);
  }

  onDied(listener: (reason: string) => void): void {
    this.#died.add(listener);
  }

  /** Lets the captures under way end, then the engine; kills it when that takes too long. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), this.#closeLimitMs);
    await this.#ended;
    clearTimeout(timer);
  }

  /** Ends the engine with its captures cancelled: targets are let go, partial files removed. */
  async cancel(): Promise<void> {
    this.#closing = true;
    this.#child.kill('SIGTERM');
    await this[Symbol.asyncDispose]();
  }

  async #call<T>(method: string, params: object, schema: z.ZodType<T>, options: CallOptions = {}): Promise<T> {
    if (this.#end !== null || this.#broken !== null) {
      throw this.#deathError(method);
    }
    const token = `progress-${this.#nextToken++}`;
    const { onProgress } = options;
    const progress = onProgress && this.#connection.onProgress(PROGRESS, token, (value) => tell(onProgress, value));
    using cancel = cancellation(options.signal);
    try {
      const sent = progress === undefined ? params : { ...params, progressToken: token };
      // Rejects also when the engine has ended, as the connection is disposed then. Not raced with the end: that would hold every
      // answer for as long as the engine lives.
      return understand(method, schema, await this.#connection.sendRequest<unknown>(method, sent, cancel.token));
    } catch (error) {
      throw await this.#toEngineError(method, error);
    } finally {
      progress?.dispose();
    }
  }

  #askAgent<T>(
    method: string,
    params: object,
    schema: z.ZodType<T>,
    { signal, timeoutMs }: CollectOptions,
  ): Promise<T> {
    const sent = timeoutMs === undefined ? params : { ...params, timeoutMs };
    return this.#call(method, sent, schema, signal === undefined ? {} : { signal });
  }

  async #onDecide(params: unknown): Promise<Decision> {
    try {
      return await this.#decide(understand('capture/decide', decideRequestSchema, params));
    } catch (error) {
      return { action: 'drop', reason: errorText(error) };
    }
  }

  async #toEngineError(method: string, error: unknown): Promise<EngineError> {
    if (error instanceof EngineError) {
      return error;
    }
    if (error instanceof ResponseError && isWireError(error.data)) {
      return new EngineError(error.data, { cause: error });
    }
    if (error instanceof ResponseError && !CHANNEL_ERRORS.includes(error.code)) {
      const what = `Asking the engine for ${method}`;
      return new EngineError({ code: 'internal', what, why: error.message }, { cause: error });
    }
    // The way to the engine failed, not the request: it is dying, and its end says why.
    this.#break('it does not take requests any more');
    await this.#ended;
    return this.#deathError(method);
  }

  #deathError(method: string): EngineError {
    const why = `${this.#end ?? `the engine is being ended because ${this.#broken}`}${this.#stderr.text()}`;
    return new EngineError({ code: 'engine-died', what: `Asking the engine for ${method}`, why });
  }

  /** An engine that ends closes its output a moment before: only one that goes on living is a broken one. */
  #onOutputClosed(): void {
    const timer = setTimeout(() => this.#break('it closed its output'), OUTPUT_CLOSED_MS);
    void this.#ended.then(() => clearTimeout(timer));
  }

  /** There is no talking to it any more. SIGTERM lets it end its captures in order; what does not answer to that is killed. */
  #break(why: string): void {
    if (this.#closing || this.#end !== null || this.#broken !== null) return;
    this.#broken = why;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => {
      this.#killed = true;
      this.#child.kill('SIGKILL');
    }, this.#closeLimitMs);
    void this.#ended.then(() => clearTimeout(timer));
  }

  #onEnd(code: number | null, signal: string | null): void {
    const byUs = signal === null ? code === 0 : signal === 'SIGTERM' || (signal === 'SIGKILL' && this.#killed);
    // An engine that dies by itself closes its streams first: what its exit says is then worth more than what we saw.
    if (this.#broken !== null && byUs) this.#end = `the engine was ended because ${this.#broken}`;
    else this.#end = `the engine ended with ${signal === null ? `exit code ${code}` : `signal ${signal}`}`;
    this.#connection.dispose();
    if (this.#closing) return;
    for (const listener of this.#died) listener(`${this.#end}${this.#stderr.text()}`);
  }
}

/** Progress is for people: one that is not understood is not worth failing a capture. */
function tell(onProgress: (progress: CaptureProgress) => void, value: unknown): void {
  const progress = ANSWERS.progress.safeParse(value);
  if (progress.success) onProgress(progress.data);
}
