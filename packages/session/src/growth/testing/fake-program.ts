import type { DoseResult, Operation } from '../operation/operation.ts';
import type { CensusCall, Clock, CulpritNamer, MeasuringEngine, TakenCensus } from '../ports.ts';

/** What a program of a test leaves behind. */
export interface Leaks {
  /** Sessions that stay, per operation. */
  readonly perOperation?: number;
  /** Sessions that come with time, per second. */
  readonly perSecond?: number;
  /** Native bytes per operation. */
  readonly nativePerOperation?: number;
}

/** A program in memory: operations take a ms of its own clock each, and what they leave behind is seen by its engine. */
export class FakeProgram {
  readonly #leaks: Leaks;
  operations = 0;
  collections = 0;
  readonly censuses: CensusCall[] = [];
  readonly waits: number[] = [];
  #now = 0;
  /** Called before each dose and each reading; may throw, abort, or change the answer. */
  onDose: (count: number) => DoseResult | undefined = () => undefined;
  onCensus: (call: CensusCall) => Partial<TakenCensus> | undefined = () => undefined;
  onCollect: () => void = () => {};
  /** Whether finalizers end within the time. */
  onFinalizers: (limitMs: number) => 'drained' | 'timeout' = () => 'drained';

  constructor(leaks: Leaks = {}) {
    this.#leaks = leaks;
  }

  readonly clock: Clock = {
    now: () => this.#now,
    wait: async (ms, signal) => {
      signal.throwIfAborted();
      this.waits.push(ms);
      this.#now += ms;
    },
  };

  readonly operation: Operation = {
    name: 'POST /run',
    run: async (count, signal) => {
      signal.throwIfAborted();
      const answer = this.onDose(count);
      signal.throwIfAborted();
      this.operations += count;
      this.#now += count;
      return answer ?? { done: count, failed: 0 };
    },
    [Symbol.asyncDispose]: async () => {},
  };

  readonly engine: MeasuringEngine = {
    census: async (call) => {
      this.censuses.push(call);
      this.#now += 30;
      return { ...this.#census(), ...this.onCensus(call) };
    },
    collect: async (_pid, { timeoutMs = 0 }) => {
      this.onCollect();
      this.collections += 1;
      this.#now += 20;
      return { how: 'agent', finalizers: this.onFinalizers(timeoutMs) };
    },
  };

  /** Names everything after the same path. */
  readonly namer: CulpritNamer = {
    name: async ({ findings }) =>
      findings.map((finding) => ({ ...finding, path: ['static Shop.Store.s_sessions'], fingerprint: 'f00dfeed' })),
  };

  #census(): TakenCensus {
    const { perOperation = 0, perSecond = 0, nativePerOperation = 0 } = this.#leaks;
    const sessions = 10 + Math.round(this.operations * perOperation + (this.#now / 1000) * perSecond);
    return {
      ...{ process: { name: 'Shop', runtime: '10.0.12' }, pauseMs: 6, complete: true, why: '' },
      reachable: { instances: 5000 + sessions, bytes: 400_000 + sessions * 300 },
      types: [
        { type: 'System.String', module: 'System.Private.CoreLib.dll', instances: 5000, bytes: 400_000 },
        { type: 'Shop.Session', module: 'Shop.dll', instances: sessions, bytes: sessions * 300 },
      ],
      channels: {
        mallocBytes: 3_000_000 + Math.round(this.operations * nativePerOperation),
        ...{ threads: 12, fileDescriptors: 80, sockets: 3, mappings: 300, handles: 200, residentBytes: 90_000_000 },
      },
    };
  }
}
