import type { TestReference, TestState } from '@firstchance/model';
import type { Recorder } from '../records/recorder.ts';
import type { TestOutcome } from '../tests/test-states.ts';
import type { Clients } from './clients.ts';

/** A test as a runner's adapter tells of it; `id` is unique in the session, a retry has one of its own. */
export type ClientTest = Omit<TestReference, 'candidates'>;

export interface RunningClientTest {
  readonly client: string;
  readonly test: ClientTest;
  readonly startedAt: number;
  /** Of the deadline that was armed last, in ms; null when there is none. */
  readonly deadlineMs: number | null;
}

export interface ClientTestsContext {
  readonly recorder: Pick<Recorder, 'write'>;
  readonly clients: Clients;
  readonly onEnded: (test: { readonly id: string }) => void;
  readonly onDeadline: (running: RunningClientTest) => void;
  /** Takes in what clients have told that was not looked at yet. */
  readonly refresh: () => void;
}

type Running = RunningClientTest & { timer: NodeJS.Timeout | undefined; deadlineMs: number | null };

/** The tests that runners tell about: which run, on whose targets, until when, and how they ended. */
export class ClientTests implements Disposable {
  readonly #context: ClientTestsContext;
  readonly #running = new Map<string, Running>();
  readonly #ended = new Map<string, TestOutcome>();

  constructor(context: ClientTestsContext) {
    this.#context = context;
  }

  get known(): boolean {
    return this.#running.size + this.#ended.size > 0;
  }

  /**
   * Begins a test, or gives one that runs a new deadline: `deadlineMs` counts from then, null for none.
   * @param at when that was, of performance.now()
   */
  begin(client: string, test: ClientTest, deadlineMs: number | null, at = performance.now()): void {
    const present = this.#running.get(test.id);
    const running = present ?? { client, test, startedAt: at, deadlineMs, timer: undefined };
    if (!present) {
      this.#running.set(test.id, running);
      this.#ended.delete(test.id);
      this.#record(test, 'started', null, at);
    }
    clearTimeout(running.timer);
    running.deadlineMs = deadlineMs;
    running.timer = undefined;
    if (deadlineMs === null) return;
    const timer = setTimeout(
      () => this.#late(running, timer),
      Math.max(0, at + deadlineMs - performance.now()),
    ).unref();
    running.timer = timer;
  }

  /** False when that test does not run. @param at when it ended, of performance.now() */
  end(id: string, outcome: Exclude<TestOutcome, 'ended'>, at = performance.now()): boolean {
    const running = this.#running.get(id);
    if (!running) return false;
    clearTimeout(running.timer);
    this.#running.delete(id);
    this.#ended.set(id, outcome);
    this.#record(running.test, outcome, Math.max(0, at - running.startedAt), at);
    this.#context.onEnded({ id });
    return true;
  }

  /** It is gone: its tests never told how they ended. */
  clientEnded(client: string): void {
    for (const running of [...this.#running.values()])
      if (running.client === client) this.end(running.test.id, 'failed');
  }

  get(id: string): RunningClientTest | undefined {
    return this.#running.get(id);
  }

  outcome(id: string): TestOutcome | undefined {
    return this.#ended.get(id);
  }

  /**
   * The test that something in a process belongs to: the named one, else the one that started last of those that may use
   * the process. `candidates` is how many of them run. Null when none does.
   */
  attribute(pid: number, id: string | undefined): TestReference | null {
    this.#context.refresh();
    const owners = this.#context.clients.ownersOf(pid);
    const candidates = [...this.#running.values()].filter(({ client }) => owners === undefined || owners.has(client));
    const named = id === undefined ? undefined : this.#running.get(id);
    const chosen = named ?? candidates.at(-1);
    return chosen ? { ...chosen.test, candidates: Math.max(1, candidates.length) } : null;
  }

  [Symbol.dispose](): void {
    for (const running of this.#running.values()) clearTimeout(running.timer);
  }

  /** Its end, or a later deadline, may have been told meanwhile. */
  #late(running: Running, timer: NodeJS.Timeout): void {
    this.#context.refresh();
    if (running.timer === timer && this.#running.get(running.test.id) === running) this.#context.onDeadline(running);
  }

  #record(test: ClientTest, state: TestState, durationMs: number | null, at: number): void {
    const time = new Date(Date.now() - (performance.now() - at)).toISOString();
    this.#context.recorder.write({ record: 'test', ...test, state, durationMs }, time);
  }
}
