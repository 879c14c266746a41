import { readStat } from '@firstchance/target';

/** Whom a process belongs to: the clients whose tests may use it; undefined: any of them. */
export type Owners = ReadonlySet<string> | undefined;

interface Client {
  readonly pid: number;
  /** The runner's main process: what belongs to it serves every test. */
  readonly shared: boolean;
}

/**
 * The processes that talk to a session about tests, and which targets are theirs. A target belongs to the client that
 * launched or attached it, else to the nearest client above it in the process tree: worker threads share one process.
 */
export class Clients {
  readonly #clients = new Map<string, Client>();
  readonly #targets = new Map<number, string>();
  readonly #parentOf: (pid: number) => number | undefined;

  constructor(parentOf: (pid: number) => number | undefined = (pid) => readStat(pid)?.parentPid) {
    this.#parentOf = parentOf;
  }

  add(id: string, client: Client): void {
    this.#clients.set(id, client);
  }

  /** What it launched goes on, and then belongs to whoever is above it. */
  remove(id: string): void {
    this.#clients.delete(id);
    for (const [pid, owner] of this.#targets) if (owner === id) this.#targets.delete(pid);
  }

  own(id: string, pid: number): void {
    this.#targets.set(pid, id);
  }

  processEnded(pid: number): void {
    this.#targets.delete(pid);
  }

  ownersOf(pid: number): Owners {
    let current: number | undefined = pid;
    for (let steps = 0; current !== undefined && current > 1 && steps < 64; steps += 1) {
      const found = this.#ownersAt(current);
      if (found !== null) return found;
      current = this.#parentOf(current);
    }
    return undefined;
  }

  /** Null: go on looking above. */
  #ownersAt(pid: number): Owners | null {
    const owner = this.#targets.get(pid);
    if (owner !== undefined) return this.#clients.get(owner)?.shared === false ? new Set([owner]) : undefined;
    const here = [...this.#clients].filter(([, client]) => client.pid === pid);
    if (here.length === 0) return null;
    const own = here.filter(([, client]) => !client.shared).map(([id]) => id);
    return own.length === 0 ? undefined : new Set(own);
  }
}
