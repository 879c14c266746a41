import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaptureKind } from '@firstchance/model';
import type {
  AgentFilter,
  Census,
  CensusRequest,
  Collected,
  Decision,
  EngineCapture,
  EngineListener,
  SessionEngine,
  TakeRequest,
} from '../engine-port.ts';

/** An engine in memory, for tests: it "captures" by writing a small file, and fails on demand. */
export class FakeEngine implements SessionEngine {
  readonly version = '0.0.0-fake';
  readonly agentPath = '/opt/fake/libfirstchance_agent.so';
  readonly filters: AgentFilter[] = [];
  readonly taken: TakeRequest[] = [];
  listener: EngineListener;
  /** Thrown by the next takes. */
  refusal: (Error & { code?: string }) | undefined;
  /** How many takes are refused; undefined: all. */
  refusals: number | undefined;
  dumpBytes = 100;
  closed = false;
  #tokens = 0;
  #held: (() => void)[] | undefined;

  constructor(listener: EngineListener) {
    this.listener = listener;
  }

  async take(request: TakeRequest): Promise<EngineCapture> {
    this.taken.push(request);
    if (this.refusal && (this.refusals === undefined || this.refusals > 0)) {
      if (this.refusals !== undefined) this.refusals -= 1;
      throw this.refusal;
    }
    return this.write(request);
  }

  async arm({ filter }: { filter: AgentFilter }): Promise<void> {
    this.filters.push(filter);
  }

  /** Runs before disarm answers: what was under way when the command ended. */
  lastWords: (() => Promise<unknown>) | undefined;

  async disarm(): Promise<void> {
    await this.lastWords?.();
  }

  async cancel(): Promise<void> {
    this.closed = true;
  }

  async attachPayload() {
    return { clsid: '{00000000-0000-0000-0000-000000000001}', path: this.agentPath, data: new Uint8Array() };
  }

  async census(request: CensusRequest): Promise<Census> {
    if (this.refusal && (this.refusals === undefined || this.refusals > 0)) {
      if (this.refusals !== undefined) this.refusals -= 1;
      throw this.refusal;
    }
    return {
      ...{ pid: request.pid, pauseMs: 5, captureMethod: 'clone', gc: 'idle', durationMs: 40, timings: {} },
      process: { name: 'fake', commandLine: ['fake'], runtime: '10.0.0', architecture: 'x64' },
      ...{ complete: true, why: '', freeBytes: 0, graph: null, notes: [] },
      reachable: { instances: 2, bytes: 64 },
      unreachable: { instances: 0, bytes: 0 },
      types: [{ type: 'Fake.Thing', module: 'Fake.dll', instances: 2, bytes: 64 }],
      channels: { instances: 2, managedBytes: 64, threads: 3 },
    };
  }

  async collect(): Promise<Collected> {
    return { collections: 2, durationMs: 1, finalizers: 'drained' };
  }

  async inspectDump() {
    return { threads: [], modules: [], notes: ['read back'] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed = true;
  }

  /** Captures from now on stay under way until the returned function is called. */
  hold(): () => void {
    const held: (() => void)[] = [];
    this.#held = held;
    return () => {
      this.#held = undefined;
      for (const release of held) release();
    };
  }

  /** An agent asks for a capture; resolves with the session's decision, the capture itself is done by then or held. */
  async throws(
    type: string,
    options: { pid?: number; test?: string; trigger?: CaptureKind; error?: Error; unreadable?: boolean } = {},
  ): Promise<Decision> {
    const { pid = process.pid, test, trigger = 'first-chance', error, unreadable = false } = options;
    this.#tokens += 1;
    const captureToken = String(this.#tokens);
    const facts = {
      pid,
      threadId: 11,
      trigger: { kind: trigger, detail: '' },
      pauseMs: 6.1,
      captureMethod: 'clone',
      gc: 'idle',
    } as const;
    const decision = await this.listener.decide({
      ...{
        captureToken,
        ...facts,
        exception: { type, message: 'Cart is empty', hresult: -2146233079, address: '0x7f00' },
      },
      test: test === undefined ? null : { name: test, candidates: 1 },
    });
    if (decision.action === 'drop') return decision;
    const finish = () => {
      const request = { pid, dump: decision.dump, folder: decision.folder, trigger: { kind: trigger, detail: '' } };
      if (error) this.listener.captureDone(captureToken, { error });
      else {
        const read = unreadable ? null : exception(type);
        this.listener.captureDone(captureToken, { result: { ...this.write(request), exception: read } });
      }
    };
    if (this.#held) this.#held.push(finish);
    else finish();
    return decision;
  }

  private write(request: Pick<TakeRequest, 'pid' | 'dump' | 'folder' | 'trigger'>): EngineCapture {
    const file = request.dump?.compression === 'none' ? 'dump.core' : 'dump.core.zst';
    if (request.dump) writeFileSync(join(request.folder, file), 'x'.repeat(this.dumpBytes), { mode: 0o600 });
    return {
      pid: request.pid,
      process: { name: 'testhost', commandLine: ['testhost'], runtime: '10.0.12', architecture: 'x64' },
      ...{ pauseMs: 6.1, captureMethod: 'clone', gc: 'idle', durationMs: 78, exception: null },
      threads: [
        {
          osId: 11,
          managedId: 1,
          name: 'Main',
          state: 'running',
          isFinalizer: false,
          stack: [frame()],
          exception: null,
        },
      ],
      ...{ awaiting: [], topTypes: [], modules: [], notes: [] },
      dump: request.dump && {
        // The kind that Auto becomes for a small heap.
        kind: request.dump.kind === 'auto' ? 'heap' : request.dump.kind,
        file,
        bytes: this.dumpBytes,
        rawBytes: 4 * this.dumpBytes,
        leftOut: [],
      },
    };
  }
}

function exception(type: string) {
  return { type, message: 'Cart is empty', hresult: -2146233079, address: '0x7f00', inner: [], stack: [frame()] };
}

function frame() {
  return {
    ...{ method: 'Shop.Cart.Add(System.Int32)', module: 'Shop.dll', modulePath: '/app/Shop.dll', token: 0x06000003 },
    ...{ ilOffset: 18, ip: '0x7f10', kind: 'managed' as const },
  };
}
