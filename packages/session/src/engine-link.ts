import { agentFilter, quietFilter } from './agents/filter.ts';
import { agentPaths, connectedInTime } from './agents/permission.ts';
import type { EngineListener, SessionEngine } from './engine-port.ts';
import type { SessionOptions } from './options.ts';
import type { SessionPorts } from './ports.ts';

export interface EngineLinkOptions {
  readonly ports: Pick<SessionPorts, 'startEngine' | 'attachAgent'>;
  readonly options: SessionOptions;
  /** Folder that FIRSTCHANCE_SESSION names: the agents' control file is in it. */
  readonly controlFolder: string;
  readonly socketFolder: string;
}

/** The session's engine: started, its agents armed, quiet or attached; gone when it dies. */
export class EngineLink {
  readonly #options: EngineLinkOptions;
  readonly #connecting = new Map<number, () => void>();
  #engine: SessionEngine | undefined;
  #armed: Promise<void> = Promise.resolve();
  #quiet = false;

  constructor(options: EngineLinkOptions) {
    this.#options = options;
  }

  /** Undefined when it could not be started, has died or is closed. */
  get engine(): SessionEngine | undefined {
    return this.#engine;
  }

  /** @throws when there is no engine for this system, it does not start or the agents' socket cannot be made */
  async start(listener: EngineListener, arm = true): Promise<SessionEngine> {
    this.#engine = await this.#options.ports.startEngine(listener);
    if (arm) await this.#arm();
    return this.#engine;
  }

  /** Tells the agents to be quiet, nothing waits any more, or to go on. One change after the other. */
  setQuiet(quiet: boolean): void {
    if (this.#quiet === quiet) return;
    this.#quiet = quiet;
    this.#armed = this.#armed.then(() => this.#arm()).catch(() => {});
  }

  /** Loads the agent into a running process. @throws the diagnostics client's error */
  async attach(pid: number): Promise<void> {
    if (!this.#engine) throw new Error('there is no engine, so there is no agent');
    await this.#options.ports.attachAgent(pid, await this.#engine.attachPayload());
  }

  /**
   * Under yama scope 1 only an ancestor may trace a process, unless the process itself permits another one: our agent does
   * when it is loaded. It stays loaded, silent.
   */
  async permitTracing(pid: number): Promise<void> {
    await this.#armed;
    await this.#arm();
    const connected = new Promise<void>((resolve) => this.#connecting.set(pid, resolve));
    try {
      await this.attach(pid);
      await connectedInTime(connected);
    } finally {
      this.#connecting.delete(pid);
    }
  }

  /** Resolves when everything the engine has sent until now was handed on: the answer to a request comes behind it. */
  async settled(): Promise<void> {
    await this.#engine?.attachPayload().catch(() => {});
  }

  /** An agent has connected. */
  connected(pid: number): void {
    this.#connecting.get(pid)?.();
  }

  /** The engine is gone by itself. */
  lost(): void {
    this.#engine = undefined;
  }

  /** Agents go quiet, their control file and socket are gone. What they asked for before has been told when this resolves. */
  async disarm(): Promise<void> {
    await this.#armed;
    await this.#engine?.disarm().catch(() => {});
  }

  /** The engine ends; cancelled: without finishing what it writes. */
  async close(cancelled: boolean): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    if (cancelled) await engine?.cancel();
    await engine?.[Symbol.asyncDispose]();
  }

  async #arm(): Promise<void> {
    const { options, controlFolder, socketFolder } = this.#options;
    const filter = agentFilter(options);
    await this.#engine?.arm({
      ...agentPaths(controlFolder, socketFolder),
      filter: this.#quiet ? quietFilter(filter) : filter,
    });
  }
}
