import type { ProcessFacts, TargetRecord } from '@firstchance/model';
import { isAlive, processName, readCommandLine, readStat } from '@firstchance/target';
import type { Recorder } from '../records/recorder.ts';

export type AgentState = TargetRecord['agent'];

/** One .NET process of the session. */
export interface Target {
  readonly pid: number;
  readonly startTime: bigint | undefined;
  facts: ProcessFacts;
  readonly started: string;
  agent: AgentState;
}

/** The .NET processes of a session as they come and go; every change is a record. */
export class Targets {
  readonly #recorder: Recorder;
  readonly #targets = new Map<number, Target>();
  /** Facts by pid, also of processes that are gone: their captures may still be written. */
  readonly #facts = new Map<number, ProcessFacts>();
  #seen = 0;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /** .NET processes seen so far that the agents did not decline: those whose exceptions matter. */
  get seen(): number {
    return this.#seen;
  }

  get(pid: number): Target | undefined {
    return this.#targets.get(pid);
  }

  /** Processes worth a capture: those with an agent, else all that were not declined. */
  get interesting(): Target[] {
    const alive = [...this.#targets.values()].filter((target) => isAlive(target.pid, target.startTime));
    const armed = alive.filter((target) => target.agent === 'loaded' || target.agent === 'attached');
    return armed.length > 0 ? armed : alive.filter((target) => target.agent === 'none');
  }

  /** Adds a process or changes what is known of its agent. */
  set(pid: number, agent: AgentState, known: Partial<ProcessFacts> = {}): Target {
    const stat = readStat(pid);
    const present = this.#targets.get(pid);
    if (present && (stat === undefined || present.startTime === stat.startTime)) {
      if (present.agent !== 'declined' && agent === 'declined') this.#seen -= 1;
      if (present.agent === 'declined' && agent !== 'declined') this.#seen += 1;
      const runtime = known.runtime ?? present.facts.runtime;
      if (present.agent !== agent || runtime !== present.facts.runtime) {
        present.agent = agent;
        present.facts = { ...present.facts, ...commandOf(pid, present.facts), runtime };
        this.#record(present);
      }
      return present;
    }
    const commandLine = known.commandLine ?? readCommandLine(pid);
    const facts: ProcessFacts = {
      name: known.name ?? processName(commandLine, stat?.comm),
      commandLine,
      runtime: known.runtime ?? null,
      architecture: known.architecture ?? null,
    };
    const target = { pid, startTime: stat?.startTime, facts, started: new Date().toISOString(), agent };
    this.#targets.set(pid, target);
    if (agent !== 'declined') this.#seen += 1;
    this.#record(target);
    return target;
  }

  /** It is gone. The exit code is known only of a process we started ourselves. */
  end(pid: number, exitCode: number | null = null): void {
    const target = this.#targets.get(pid);
    if (!target) return;
    this.#targets.delete(pid);
    this.#record(target, { ended: new Date().toISOString(), exitCode });
  }

  /** Ends what is left, at the end of the session; those that still run have not ended. */
  close(): void {
    for (const target of [...this.#targets.values()]) if (!isAlive(target.pid, target.startTime)) this.end(target.pid);
  }

  /** What was last known of a process, whether it still runs or not. */
  facts(pid: number): ProcessFacts | undefined {
    return this.#facts.get(pid);
  }

  #record(target: Target, end: { ended?: string; exitCode?: number | null } = {}): void {
    const { pid, facts, agent, started } = target;
    this.#facts.set(pid, facts);
    this.#recorder.write({ record: 'target', pid, ...facts, agent, started, ...end });
  }
}

/** A child that was seen between its fork and its exec had its parent's command line (`dotnet run`). */
function commandOf(pid: number, known: ProcessFacts): Pick<ProcessFacts, 'name' | 'commandLine'> {
  const commandLine = readCommandLine(pid);
  if (commandLine.length === 0 || commandLine.join('\0') === known.commandLine.join('\0')) return known;
  return { name: processName(commandLine), commandLine };
}
