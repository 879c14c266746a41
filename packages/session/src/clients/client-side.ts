import type { CaptureDetail, Trigger } from '@firstchance/model';
import type { Ledger } from '../ledger/ledger.ts';
import type { Recorder } from '../records/recorder.ts';
import type { TestOutcome } from '../tests/test-states.ts';
import { type ClientTest, ClientTests, type RunningClientTest } from './client-tests.ts';
import { Clients } from './clients.ts';

export interface ClientSideContext {
  readonly recorder: Pick<Recorder, 'write'>;
  /** Targets that are worth a capture now. */
  readonly targets: () => readonly number[];
  readonly capture: (trigger: Trigger, pids: readonly number[], testId: string) => Promise<readonly CaptureDetail[]>;
  readonly onEnded: (test: { readonly id: string }) => void;
  /** Targets ask for captures only when they crash: a test that passed has none on its way. */
  readonly quiet: boolean;
  /** Resolves when what targets asked for until now has been told to the session. */
  readonly settled: () => Promise<void>;
  /** Resolves when the captures of this test that are under way are written. */
  readonly captured: (testId: string) => Promise<void>;
  /** Reads what a test leaves in a target; absent when nobody asked for it. */
  readonly ledger: Pick<Ledger, 'testStarted' | 'testEnded' | 'lastOf'> | undefined;
}

/** What a session hears from test runners: who they are, which tests run, which of them are late. */
export class ClientSide implements Disposable {
  readonly clients = new Clients();
  /** Take in what clients have told that was not looked at yet: called before anything is tied to a test. */
  readonly untold = new Set<() => void>();
  readonly tests: ClientTests;
  readonly #context: ClientSideContext;
  readonly #late = new Map<string, Promise<readonly CaptureDetail[]>>();

  constructor(context: ClientSideContext) {
    this.#context = context;
    this.tests = new ClientTests({
      ...{ recorder: context.recorder, clients: this.clients, onEnded: context.onEnded },
      onDeadline: (running) => void this.late(running.test.id),
      refresh: () => {
        for (const take of this.untold) take();
      },
    });
  }

  /** Resolves when the ledger has read what was in the test's targets before it. */
  async begin(client: string, test: ClientTest, deadlineMs: number | null, at?: number): Promise<void> {
    if (!this.tests.get(test.id)) this.#late.delete(test.id);
    this.tests.begin(client, test, deadlineMs, at);
    const { ledger } = this.#context;
    const running = this.tests.get(test.id);
    if (ledger && running) await Promise.all(this.#targetsOf(running).map((pid) => ledger.testStarted(pid)));
  }

  /** Call it before a target is ended. */
  async lastOf(pid: number): Promise<void> {
    await this.#context.ledger?.lastOf(pid);
  }

  get hasLedger(): boolean {
    return this.#context.ledger !== undefined;
  }

  /** Tests that run now and may use this process. */
  runningOn(pid: number): number {
    return this.tests.attribute(pid, undefined)?.candidates ?? 0;
  }

  /** The test has ended. What its targets threw before that has been told when it counts as ended, so it is still its own. */
  async end(testId: string, outcome: Exclude<TestOutcome, 'ended'>, at?: number): Promise<void> {
    const passed = outcome === 'passed' || outcome === 'skipped';
    // It costs a way to the engine and back, for which every test would wait.
    if (!passed || !this.#context.quiet) await this.#context.settled();
    const running = this.tests.get(testId);
    this.tests.end(testId, outcome, at);
    this.#late.delete(testId);
    if (!passed) await this.#context.captured(testId);
    // The next test of this client begins after the reading: what is left is this one's, if no other client's tests run.
    const { ledger } = this.#context;
    if (!ledger || !running || outcome === 'skipped') return;
    const name = running.test.title.join(' > ');
    await Promise.all(this.#targetsOf(running).map((pid) => ledger.testEnded({ id: testId, name, pid })));
  }

  clientEnded(client: string): void {
    this.tests.clientEnded(client);
    this.clients.remove(client);
  }

  /**
   * A test is late: a capture of each target it may use. Once per test, however often it is said: its deadline has passed,
   * its runner gave up.
   * @returns when the captures are written; what could be taken
   */
  late(testId: string, why?: string): Promise<readonly CaptureDetail[]> {
    const running = this.tests.get(testId);
    if (!running) return this.#late.get(testId) ?? Promise.resolve([]);
    const present = this.#late.get(testId);
    if (present) return present;
    const captures = this.#context.capture(
      { kind: 'deadline', detail: why ?? stillRan(running) },
      this.#targetsOf(running),
      testId,
    );
    this.#late.set(testId, captures);
    return captures;
  }

  [Symbol.dispose](): void {
    this.tests[Symbol.dispose]();
  }

  #targetsOf({ client }: RunningClientTest): number[] {
    return this.#context.targets().filter((pid) => {
      const owners = this.clients.ownersOf(pid);
      return owners === undefined || owners.has(client);
    });
  }
}

function stillRan({ test, startedAt }: RunningClientTest): string {
  return `test ${test.title.join(' > ')} still ran after ${Math.round(performance.now() - startedAt)} ms`;
}
