import { isAlive, readEnvironment, readStat } from '@firstchance/target';
import type { Problem } from '../problems/problem.ts';
import { toProblem } from '../problems/problem.ts';
import { AGENT_SWITCHES, ATTACH_SWITCHES, switchedOff } from '../problems/switched-off.ts';
import { agentIsMapped } from './agent-mapped.ts';

export interface AgentWatchContext {
  readonly agentPath: string;
  /** What FIRSTCHANCE_SESSION is for targets of this session. */
  readonly agentsFolder: string;
  readonly isConnected: (pid: number) => boolean;
  /** Loads the agent into a running process over its diagnostics socket. */
  readonly attach: (pid: number) => Promise<void>;
  readonly onProblem: (problem: Problem) => void;
  /** The process's own environment forbids it. */
  readonly onSwitchedOff: (problem: Problem) => void;
  readonly name: (pid: number) => string;
}

const WAIT_MS = 2_000;

/**
 * Makes sure that an agent is in each process that should have one. The runtime is silent when it does not load an agent,
 * so silence must be looked into: after a while without a connection the agent is attached, and when that fails it is said.
 */
export class AgentWatch implements Disposable {
  readonly #context: AgentWatchContext;
  readonly #timers = new Map<number, NodeJS.Timeout>();
  readonly #waitMs: number;

  constructor(context: AgentWatchContext, waitMs = WAIT_MS) {
    this.#context = context;
    this.#waitMs = waitMs;
  }

  /** A process runs .NET and is not one of those the agent declines. */
  expect(pid: number): void {
    if (this.#timers.has(pid) || this.#context.isConnected(pid)) return;
    // Nothing to wait for, and a process that ends soon would never be told of.
    if (this.#isSwitchedOff(pid, AGENT_SWITCHES)) return;
    const startTime = readStat(pid)?.startTime;
    const timer = setTimeout(() => void this.#check(pid, startTime), this.#waitMs);
    this.#timers.set(pid, timer.unref());
  }

  forget(pid: number): void {
    clearTimeout(this.#timers.get(pid));
    this.#timers.delete(pid);
  }

  [Symbol.dispose](): void {
    for (const pid of [...this.#timers.keys()]) this.forget(pid);
  }

  #isSwitchedOff(pid: number, switches: readonly string[]): boolean {
    const environment = readEnvironment(pid);
    const where = `${this.#context.name(pid)} (pid ${pid})`;
    const problem = switchedOff((name) => environment?.get(name), where, switches);
    if (problem) this.#context.onSwitchedOff(problem);
    return problem !== undefined;
  }

  async #check(pid: number, startTime: bigint | undefined): Promise<void> {
    const { agentPath, agentsFolder, isConnected, attach, onProblem, name } = this.#context;
    if (isConnected(pid) || !isAlive(pid, startTime)) return;
    const session = readEnvironment(pid)?.get('FIRSTCHANCE_SESSION') ?? agentsFolder;
    if (session !== agentsFolder) return onProblem(elsewhere(session));
    const where = `${name(pid)} (pid ${pid})`;
    if (agentIsMapped(pid, agentPath)) {
      const why = 'the agent is loaded, but it has not reached the engine';
      onProblem({ what: 'no exception of this process will be seen', where, why, cure: 'run: firstchance doctor PID' });
      return;
    }
    try {
      await attach(pid);
    } catch (error) {
      if (!isAlive(pid, startTime) || this.#isSwitchedOff(pid, ATTACH_SWITCHES)) return;
      onProblem(toProblem('the agent could not be loaded, no exception of this process will be seen', where, error));
    }
  }
}

/** An agent reports to the session that its environment names: of an adapter, when a command that is watched runs tests with one. */
function elsewhere(session: string): Problem {
  return {
    what: 'programs of the tests are not watched from here',
    // One sentence for all of them.
    where: '',
    why: `the test runner has an adapter, whose session has them: ${session}`,
    cure: `firstchance show ${session} shows what it captured; the tests need nothing around them`,
  };
}
