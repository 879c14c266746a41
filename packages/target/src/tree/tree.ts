import { readExecutable, readProgram } from '../proc/command-line.ts';
import { listProcesses } from '../proc/list.ts';
import { mappedRuntime } from '../proc/runtime.ts';
import { isAlive, type ProcStat, readStat } from '../proc/stat.ts';
import { descendsFrom, readTracer } from '../proc/tracer.ts';

/** One process of the watched tree. */
export interface TreeProcess {
  readonly stat: ProcStat;
  readonly commandLine: readonly string[];
  /** True once libcoreclr.so was seen in it, or somebody who knows (the agent) said so. */
  readonly isDotnet: boolean;
}

export interface ProcessTreeOptions {
  /** Time between two looks in ms. Default 250. */
  readonly intervalMs?: number;
  /** A process of the tree runs .NET. Called once per process. */
  readonly onDotnet?: (process: TreeProcess) => void;
  /** A process is gone. */
  readonly onEnded?: (process: TreeProcess) => void;
}

/** A process may exec another program long after its start; after this many looks we look for a runtime only now and then. */
const CLOSE_LOOKS = 40;
const SELDOM = 8;
/** One of this many looks reads the processes again that were strangers: their pids may be others' by then. */
const STRANGERS_AGAIN = 8;

interface Member extends TreeProcess {
  commandLine: string[];
  isDotnet: boolean;
  executable: string | undefined;
  looks: number;
}

/**
 * The process tree below one process, by looking at /proc again and again: Linux tells nobody about grandchildren.
 * A descendant stays a member when its parent ends before it: it is known by pid and start time, and by the kernel's
 * session id, which launch() makes equal to the pid of the command. Lost is only who starts its own session (setsid)
 * and loses its parent between two looks.
 */
export class ProcessTree implements Disposable {
  readonly #root: number;
  readonly #options: ProcessTreeOptions;
  readonly #members = new Map<number, Member>();
  /** Processes that were not of the tree when they were read last: a machine may have hundreds. */
  readonly #strangers = new Set<number>();
  #glances = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(rootPid: number, options: ProcessTreeOptions = {}) {
    this.#root = rootPid;
    this.#options = options;
    this.#timer = setInterval(() => this.#glance(), options.intervalMs ?? 250);
    this.#timer.unref();
  }

  /** Living processes of the tree as of the last look, the root among them. */
  get processes(): readonly TreeProcess[] {
    return [...this.#members.values()];
  }

  get(pid: number): TreeProcess | undefined {
    return this.#members.get(pid);
  }

  /** Adds a process somebody else knows to belong here and to run .NET: the agent has connected from inside it. */
  addDotnet(pid: number): TreeProcess | undefined {
    const known = this.#members.get(pid);
    const stat = readStat(pid);
    if (!stat) return known;
    const member = known && known.stat.startTime === stat.startTime ? known : this.#add(stat);
    this.#refresh(member);
    this.#markDotnet(member);
    return member;
  }

  /** Looks at /proc now. */
  look(): void {
    this.#strangers.clear();
    this.#glance();
  }

  #glance(): void {
    this.#glances += 1;
    if (this.#glances % STRANGERS_AGAIN === 0) this.#strangers.clear();
    const all = listProcesses(this.#strangers);
    const byPid = new Map(all.map((stat) => [stat.pid, stat]));
    for (const [pid, member] of this.#members) {
      const now = byPid.get(pid);
      if (now && now.startTime === member.stat.startTime && now.state !== 'Z' && now.state !== 'X') continue;
      this.#members.delete(pid);
      this.#options.onEnded?.(member);
    }
    for (const { pid } of all) this.#strangers.add(pid);
    for (const stat of descendants(all, this.#root, this.#members)) {
      this.#strangers.delete(stat.pid);
      if (stat.state === 'Z' || stat.state === 'X' || (!this.#members.has(stat.pid) && isOurCopy(stat))) continue;
      this.#inspect(this.#members.get(stat.pid) ?? this.#add(stat));
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #add(stat: ProcStat): Member {
    const member: Member = { stat, ...readProgram(stat.pid), isDotnet: false, looks: 0 };
    this.#members.set(stat.pid, member);
    this.#strangers.delete(stat.pid);
    return member;
  }

  #inspect(member: Member): void {
    if (member.isDotnet) return;
    member.looks += 1;
    const executable = readExecutable(member.stat.pid);
    // In the middle of an exec the executable is the new one already, and there are no arguments yet.
    if (executable !== member.executable || member.commandLine.length === 0) this.#refresh(member);
    if (member.looks > CLOSE_LOOKS && member.looks % SELDOM !== 0) return;
    if (mappedRuntime(member.stat.pid) !== 'coreclr') return;
    this.#refresh(member);
    this.#markDotnet(member);
  }

  #refresh(member: Member): void {
    Object.assign(member, readProgram(member.stat.pid));
    member.looks = Math.min(member.looks, 1);
  }

  #markDotnet(member: Member): void {
    if (member.isDotnet) return;
    member.isDotnet = true;
    this.#options.onDotnet?.(member);
  }
}

/**
 * True for the frozen copy of a process that a snapshot makes: a child of its original, under a tracer of ours from its birth
 * on (its state says so only a moment later). It is no process of the command, and gone soon. A new process of the command that
 * happens to be captured right now is seen at the next look.
 */
function isOurCopy(stat: ProcStat): boolean {
  const tracer = readTracer(stat.pid);
  return tracer !== 0 && descendsFrom(tracer, process.pid);
}

/** The root, everything below it, everything of its session, and everything below a member known from before. */
export function descendants(
  all: readonly ProcStat[],
  root: number,
  known: ReadonlyMap<number, TreeProcess> = new Map(),
): ProcStat[] {
  const children = new Map<number, ProcStat[]>();
  const queue: ProcStat[] = [];
  for (const stat of all) {
    const siblings = children.get(stat.parentPid);
    if (siblings) siblings.push(stat);
    else children.set(stat.parentPid, [stat]);
    const member = known.get(stat.pid)?.stat.startTime === stat.startTime;
    if (stat.pid === root || stat.sessionId === root || member) queue.push(stat);
  }
  const seen = new Map<number, ProcStat>();
  for (let next = queue.pop(); next; next = queue.pop()) {
    if (seen.has(next.pid)) continue;
    seen.set(next.pid, next);
    queue.push(...(children.get(next.pid) ?? []));
  }
  return [...seen.values()];
}

/** Members of a tree that still run, newest first: stopping in this order keeps a parent from restarting its children. */
export function survivors(tree: ProcessTree): ProcStat[] {
  return tree.processes
    .map((member) => member.stat)
    .filter((stat) => isAlive(stat.pid, stat.startTime))
    .sort((a, b) => Number(b.startTime - a.startTime));
}
