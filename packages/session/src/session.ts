import type { CaptureDetail, EndRecord, Trigger } from '@firstchance/model';
import { isDeclined } from './agents/decline.ts';
import { AgentCaptures } from './capture/agent-captures.ts';
import { CaptureFolders } from './capture/capture-folders.ts';
import { Captures } from './capture/captures.ts';
import { OwnCaptures } from './capture/own-captures.ts';
import { ClientSide } from './clients/client-side.ts';
import { engineListener } from './engine-events.ts';
import { EngineLink } from './engine-link.ts';
import type { DumpRequest, SessionEngine } from './engine-port.ts';
import { aboutRun, writeSessionFile } from './folder/session-json.ts';
import { agentsFolderOf } from './folder/session-place.ts';
import { realClock } from './growth/clock.ts';
import { GrowthChecks } from './growth/growth-checks.ts';
import { measuringEngine } from './growth/measuring-engine.ts';
import { Ledger } from './ledger/ledger.ts';
import { CountLimit } from './limits/count-limit.ts';
import { DiskBudget } from './limits/disk-budget.ts';
import { needsAgent } from './options.ts';
import type { SessionListener, SessionPorts } from './ports.ts';
import { makePrivateFolder, type PrivateFolder } from './private-folder/private-folder.ts';
import { NO_TEST_TOLD } from './problems/no-test-told.ts';
import { NOTHING_IN_LEDGER } from './problems/nothing-in-ledger.ts';
import { type Problem, toProblem } from './problems/problem.ts';
import { AGENT_SWITCHES, switchedOff } from './problems/switched-off.ts';
import { Recorder } from './records/recorder.ts';
import { SkipCounter } from './records/skips.ts';
import { mergeResults } from './results/merge-results.ts';
import type { TestResult } from './results/test-result.ts';
import { aborted } from './run/aborted.ts';
import { judge } from './run/judge.ts';
import type { SessionPlan } from './session-plan.ts';
import { AgentWatch } from './targets/agent-watch.ts';
import { Targets } from './targets/targets.ts';
import { Attribution } from './tests/attribution.ts';
import { TestMethods } from './tests/frames/test-methods.ts';
import { TestWatch } from './tests/test-watch.ts';
import { captureAtDeadline } from './triggers/deadline.ts';
import { MemoryWatch } from './triggers/memory-watch.ts';

export interface SessionEnd {
  readonly exitCode: number;
  /** What decided the exit code, one sentence. */
  readonly reason: string;
  readonly record: EndRecord;
}

/** One run: joins triggers, limits, captures and records. Opened with `openSession`, ended with `close`. */
export class Session implements AsyncDisposable {
  readonly plan: SessionPlan;
  readonly privateFolder: PrivateFolder;
  readonly recorder: Recorder;
  readonly targets: Targets;
  readonly checks: GrowthChecks;
  /** What test runners tell of their tests. */
  readonly runners: ClientSide;
  readonly #listener: SessionListener;
  readonly #sink: Disposable;
  readonly #skips: SkipCounter;
  readonly #count: CountLimit;
  readonly #captures: Captures;
  readonly #fromAgents: AgentCaptures;
  readonly #own: OwnCaptures;
  readonly #tests: TestWatch;
  readonly #ledger: Ledger | undefined;
  readonly #memory: MemoryWatch | undefined;
  #agents: AgentWatch | undefined;
  readonly #link: EngineLink;
  /** First thing that kept captures from being possible at all. */
  #impossible: string | undefined;
  #failed: string | undefined;
  readonly #switches = new Set<string>();
  #methods: readonly string[] = ['createdump'];
  readonly #started = new Date().toISOString();
  #end: Promise<SessionEnd> | undefined;
  #results: readonly TestResult[] = [];

  private constructor(plan: SessionPlan, ports: SessionPorts, listener: SessionListener) {
    this.plan = plan;
    this.#listener = listener;
    // First, since it may fail: then nothing is left behind.
    const sink = ports.openSink(plan.folder);
    this.#sink = sink;
    this.privateFolder = plan.privateFolder ?? makePrivateFolder();
    this.recorder = new Recorder(plan.sessionId, sink, (record) => listener.onRecord?.(record));
    this.targets = new Targets(this.recorder);
    this.#skips = new SkipCounter(this.recorder);
    const { options } = plan;
    this.#link = new EngineLink({
      ...{ ports, options, controlFolder: this.agentsFolder, socketFolder: this.privateFolder.path },
    });
    this.checks = new GrowthChecks({
      ...{ recorder: this.recorder, sessionFolder: plan.folder, clock: realClock, namer: ports.namer },
      locator: ports.locator,
      engine: () => measuringEngine(this.#link.engine),
      testOf: (pid) => {
        const test = this.runners.tests.attribute(pid, undefined);
        return test?.candidates === 1 ? test.id : null;
      },
    });
    this.#count = new CountLimit(options.count);
    const methods = new TestMethods(ports.testMethods);
    this.#tests = new TestWatch({
      ...{ recorder: this.recorder, options, methods },
      onStarted: (test) => void this.#ledger?.testStarted(test.pid),
      onEnded: (test) => {
        this.#captures.testEnded(test);
        void this.#ledger?.testEnded(test);
      },
      deadline: (trigger, pid, test) => this.deadline(trigger, [pid], test),
      look: (pid) => this.#own.look(pid, this.privateFolder.path),
      nameOf: (pid) => this.targets.get(pid)?.facts.name ?? 'process',
      lastOf: async (pid) => await this.#ledger?.lastOf(pid),
    });
    const { states } = this.#tests.tracker;
    if (options.ledger) {
      this.#ledger = new Ledger({
        ...{ recorder: this.recorder, budgetBytes: options.ledgerBudgetBytes, now: () => performance.now() },
        engine: () => measuringEngine(this.#link.engine),
        running: (pid) => states.running(pid).length + this.runners.runningOn(pid),
      });
    }
    this.runners = new ClientSide({
      ...{ recorder: this.recorder, targets: () => this.targets.interesting.map(({ pid }) => pid) },
      capture: (trigger, pids, testId) => this.deadline(trigger, pids, testId),
      onEnded: (test) => this.#captures.testEnded(test),
      quiet: !options.firstChance,
      settled: () => this.#link.settled(),
      captured: (testId) => this.#captures.written(testId),
      ledger: this.#ledger,
    });
    this.#captures = new Captures({
      ...{ recorder: this.recorder, skips: this.#skips, folders: new CaptureFolders(plan.folder), count: this.#count },
      ...{
        budget: new DiskBudget(options.maxDiskBytes),
        tests: new Attribution(states, this.runners.tests, methods),
        locator: ports.locator,
        facts: (pid) => this.targets.facts(pid),
        keep: options.keep,
      },
      onLimit: () => this.#link.setQuiet(this.#count.exhausted),
    });
    const onProgress = (draft: { id: string }, progress: Parameters<NonNullable<SessionListener['onProgress']>>[1]) =>
      listener.onProgress?.(draft.id, progress);
    this.#fromAgents = new AgentCaptures({
      ...{ captures: this.#captures, options, onProgress, onDetail: () => {} },
      onImpossible: (problem) => this.impossible(problem),
    });
    this.#own = new OwnCaptures({
      ...{ captures: this.#captures, dumper: ports.dumper, describe: ports.describe, method: options.captureMethod },
      engine: () => this.#link.engine,
      permit: (pid) => this.#link.permitTracing(pid),
      onProgress,
    });
    if (options.minMemoryMB !== undefined || options.maxMemoryMB !== undefined) {
      this.#memory = new MemoryWatch(options, (pid, { detail }) => void this.capture(pid, { kind: 'memory', detail }));
    }
  }

  /** Opens the session: private folder, manifest, engine, agents' socket. Without an engine it goes on, and says so. */
  static async open(
    plan: SessionPlan,
    ports: SessionPorts,
    listener: SessionListener = {},
    { agents = true }: { agents?: boolean } = {},
  ): Promise<Session> {
    const session = new Session(plan, ports, listener);
    const { id, command, versions, platform } = aboutRun(plan);
    session.recorder.write({ record: 'session', id, command: [...command], versions: { ...versions }, platform });
    await session.#startEngine(agents);
    session.#writeFile(null);
    return session;
  }

  get engine(): SessionEngine | undefined {
    return this.#link.engine;
  }

  get capturesKept(): number {
    return this.#captures.kept;
  }

  /** No more captures are wanted: as many as were asked for are on disk. */
  get limitReached(): boolean {
    return this.#count.exhausted;
  }

  /** Capture methods that can be tried, best first. */
  get captureMethods(): readonly string[] {
    return this.#methods;
  }

  get testsKnown(): boolean {
    return this.#tests.tracker.states.known || this.runners.tests.known;
  }

  /** FIRSTCHANCE_SESSION of the targets. */
  get agentsFolder(): string {
    return agentsFolderOf(this.plan, this.privateFolder);
  }

  /** A process of the tree runs .NET. */
  dotnetSeen(pid: number, commandLine: readonly string[], { expectAgent = true } = {}): void {
    if (expectAgent && isDeclined(commandLine))
      return void this.targets.set(pid, 'declined', { commandLine: [...commandLine] });
    if (!this.targets.get(pid)) this.targets.set(pid, 'none', { commandLine: [...commandLine] });
    this.#memory?.add(pid);
    if (expectAgent && needsAgent(this.plan.options)) this.#agents?.expect(pid);
  }

  /** A process is gone. */
  processEnded(pid: number, code: number | null = null): void {
    this.#memory?.remove(pid);
    this.#agents?.forget(pid);
    this.#tests.processEnded(pid);
    this.#ledger?.processEnded(pid);
    this.runners.clients.processEnded(pid);
    this.targets.end(pid, code);
  }

  /** Attaches the agent to a running process. @throws the diagnostics client's error */
  attach(pid: number): Promise<void> {
    return this.#link.attach(pid);
  }

  /** Loads the agent into a running process and waits until it has reached us. @throws the diagnostics client's error */
  loadAgent(pid: number): Promise<void> {
    return this.#link.permitTracing(pid);
  }

  hasAgent(pid: number): boolean {
    return /loaded|attached/.test(this.targets.get(pid)?.agent ?? '');
  }

  /** Takes a capture now. Undefined when it was refused or failed; the manifest says why. */
  capture(
    pid: number,
    trigger: Trigger,
    more: { testName?: string; dump?: DumpRequest | null; signal?: AbortSignal } = {},
  ): Promise<CaptureDetail | undefined> {
    const { testName, dump = this.plan.options.dump, signal } = more;
    const subject = { pid, ...(testName === undefined ? {} : { testName }) };
    return this.#own.take(trigger, subject, { dump, ...(signal ? { signal } : {}) });
  }

  /** A deadline has passed: a capture of each process that matters, and its stacks when they were asked for. */
  async deadline(
    trigger: Trigger,
    pids: readonly number[] = this.targets.interesting.map((target) => target.pid),
    testName?: string,
  ): Promise<readonly CaptureDetail[]> {
    const taken = await captureAtDeadline(this, trigger, pids, testName);
    if (this.plan.options.stacks) for (const detail of taken) this.#listener.onStacks?.(detail);
    return taken;
  }

  /** How the tests of the run ended, as its results files tell; they are merged at the end. */
  testResults(results: readonly TestResult[]): void {
    this.#results = results;
  }

  problem(problem: Problem): void {
    this.recorder.problem(problem);
  }

  /** What was asked for cannot be done at all: the session ends with 93. */
  fail(problem: Problem): void {
    this.#failed ??= `${problem.what}: ${problem.why}`;
    this.recorder.problem(problem);
  }

  /** The command is about to be started with this environment, which may keep the agents out: its processes may be short. */
  starting(environment: NodeJS.ProcessEnv): void {
    if (!needsAgent(this.plan.options)) return;
    const problem = switchedOff((name) => environment[name], 'the command', AGENT_SWITCHES);
    if (problem) this.#switchedOff(problem);
  }

  /** Captures were asked for and cannot be taken. */
  impossible(problem: Problem): void {
    this.#impossible ??= `${problem.what}: ${problem.why}`;
    this.recorder.problem(problem);
  }

  /**
   * Ends the session: waits for the captures under way (an abort cuts this short), then the last records. Who calls it again,
   * while it ends or later, is told the same.
   * @param commandCode exit code of the command; 0 where there was none
   * @param ended how it ended, in words, where there was no command
   */
  close(commandCode = 0, signal?: AbortSignal, ended?: string): Promise<SessionEnd> {
    this.#end ??= this.#close(commandCode, signal, ended);
    return this.#end;
  }

  async #close(commandCode: number, signal: AbortSignal | undefined, ended: string | undefined): Promise<SessionEnd> {
    this.#memory?.[Symbol.dispose]();
    this.#agents?.[Symbol.dispose]();
    await (signal ? Promise.race([this.#ledger?.close(), aborted(signal)]) : this.#ledger?.close());
    // What a process asked for just before it died is on its way to us: the answer to this comes behind it.
    await this.#link.disarm();
    this.#captures.stop();
    const finished = Promise.all([this.#fromAgents.idle(), this.#own.idle()]);
    await (signal ? Promise.race([finished, aborted(signal)]) : finished);
    const cancelled = signal?.aborted === true;
    await this.#link.close(cancelled);
    if (cancelled) this.#fromAgents.abandon(CANCELLED);
    mergeResults(this.#results, { recorder: this.recorder, tests: this.#tests.tracker, captures: this.#captures });
    this.#captures.finish();
    if (this.#tests.wereAwaited && !this.runners.tests.known && this.targets.seen > 0)
      this.recorder.problem(NO_TEST_TOLD);
    this.#judgeLedger();
    this.#tests[Symbol.dispose]();
    this.runners[Symbol.dispose]();
    this.targets.close();
    this.#skips.flush();
    const end = this.#finish(commandCode, ended);
    this.#writeFile(end.exitCode);
    this.#sink[Symbol.dispose]();
    this.privateFolder[Symbol.dispose]();
    return end;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** A ledger in which nothing could stand; a budget was then kept by nobody. */
  #judgeLedger(): void {
    if (!this.#ledger || this.#ledger.toldOfTests || this.runners.tests.known || this.targets.seen === 0) return;
    if (this.plan.options.ledgerBudgetBytes === undefined) this.recorder.problem(NOTHING_IN_LEDGER);
    else this.fail(NOTHING_IN_LEDGER);
  }

  #finish(commandCode: number, ended: string | undefined): SessionEnd {
    const impossible = this.plan.options.requireCapture ? this.#impossible : undefined;
    const outcomes = [...this.checks.finished, ...(this.#ledger?.outcomes ?? [])];
    const { code, reason, verdict } = judge(commandCode, this.#failed, impossible, outcomes, ended);
    const counts = {
      captures: this.#captures.kept,
      checks: this.checks.finished.length,
      problems: this.recorder.problems,
    };
    const record = this.recorder.write({ record: 'end', exitCode: code, verdict, reason, ...counts }) as EndRecord;
    return { exitCode: code, reason, record };
  }

  /** One variable is inherited by many processes: it is told once. */
  #switchedOff(problem: Problem): void {
    if (this.#switches.has(problem.why)) return;
    this.#switches.add(problem.why);
    this.impossible(problem);
  }

  /** The manifest is what counts; session.json is for those who look for a running session. */
  #writeFile(exitCode: number | null): void {
    const over = exitCode !== null;
    try {
      if (this.plan.shared === true) return;
      writeSessionFile(this.plan.folder, {
        ...aboutRun(this.plan),
        started: this.#started,
        ended: over ? new Date().toISOString() : null,
        privateFolder: over ? null : this.privateFolder.path,
        captureMethods: this.#methods,
        exitCode,
      });
    } catch (error) {
      this.recorder.problem(toProblem('session.json could not be written', this.plan.folder, error));
    }
  }

  async #startEngine(agents: boolean): Promise<void> {
    const listener = engineListener({
      ...{ session: this, link: this.#link, targets: this.targets, tests: this.#tests, skips: this.#skips },
      ...{ fromAgents: this.#fromAgents, listener: this.#listener, memory: this.#memory, agents: () => this.#agents },
    });
    try {
      const engine = await this.#link.start(listener, agents);
      this.#methods = ['clone', 'copy', 'stop', 'createdump'];
      if (!agents) return;
      this.#agents = new AgentWatch({
        ...{ agentPath: engine.agentPath, agentsFolder: this.agentsFolder },
        isConnected: (pid) => this.hasAgent(pid),
        attach: (pid) => this.attach(pid),
        onProblem: (problem) => this.impossible(problem),
        onSwitchedOff: (problem) => this.#switchedOff(problem),
        name: (pid) => this.targets.get(pid)?.facts.name ?? 'process',
      });
    } catch (error) {
      this.impossible(toProblem('the engine could not be started, so nothing is captured at a throw', '', error));
    }
  }
}

const CANCELLED = Object.assign(new Error('cancelled'), { why: 'the run was cancelled before it was written' });
