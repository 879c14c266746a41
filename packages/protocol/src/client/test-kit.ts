import type { FinishedGrowthCheck, TargetExit } from '../wire/values.ts';
import { checkGrowth, GrowthError, type GrowthOperation, type GrowthOptions } from './check-growth.ts';
import { type LaunchedTarget, type LaunchOptions, launchTarget } from './launch-target.ts';
import type { SessionClient } from './session-client.ts';

export interface GrowthTestOptions extends GrowthOptions {
  /** The process to check; default the one that was launched or attached last, else the only one there is. */
  readonly target?: number | { readonly pid: number };
}

export type TargetFallback = (client: SessionClient) => Promise<number | undefined>;

/** Time for a test of growth: a check that is not certain soon; a leak takes about 20 s besides the operations. */
export const GROWTH_TEST_MS = 180_000;

/** Options of growthTest(): those of a check, and the test's own limit in ms. */
export interface GrowthTestSettings extends GrowthTestOptions {
  /** Default 3 minutes. */
  readonly timeout?: number;
}

/** What tests call; the same for every runner. */
export class TestKit {
  readonly #connect: () => Promise<SessionClient>;
  readonly #fallback: TargetFallback;
  readonly #launched = new Set<LaunchedTarget>();
  #stopped = new AbortController();
  #last: number | undefined;

  /** @param fallback the target of a check for which none was launched or attached, where the runner knows of one */
  constructor(connect: () => Promise<SessionClient>, fallback: TargetFallback = async () => undefined) {
    this.#connect = connect;
    this.#fallback = fallback;
  }

  /** Pid of what was launched or attached last. */
  get last(): number | undefined {
    return this.#last;
  }

  /** Starts a .NET program under the session. @throws FirstchanceError when it does not start or is not ready in time */
  async launch(command: string, args: readonly string[] = [], options: LaunchOptions = {}): Promise<LaunchedTarget> {
    const target = await launchTarget(await this.#connect(), command, args, options);
    this.#launched.add(target);
    void target.exited.then(() => this.#launched.delete(target));
    this.#last = target.pid;
    return target;
  }

  /** A .NET process that runs already. @throws FirstchanceError when the agent cannot be loaded into it */
  async attach(pid: number): Promise<{ pid: number; name: string; runtime: string | null }> {
    const client = await this.#connect();
    const attached = await client.request('target/attach', { pid });
    this.#last = pid;
    return attached;
  }

  /** Repeats an operation and finds out whether the target leaks; never rejects for what it finds. */
  async checkGrowth(operation: GrowthOperation, options: GrowthTestOptions = {}): Promise<FinishedGrowthCheck> {
    const { target, signal, ...rest } = options;
    const client = await this.#connect();
    const named = typeof target === 'number' ? target : (target?.pid ?? this.#last ?? (await this.#fallback(client)));
    const pid = named ?? (await client.request('target/find', {})).pid;
    const stopped = this.#stopped.signal;
    return await checkGrowth(client, pid, operation, {
      ...{ ...rest, signal: signal ? AbortSignal.any([signal, stopped]) : stopped },
    });
  }

  /** @throws GrowthError when something grows, or when that could not be found out */
  async expectNoGrowth(operation: GrowthOperation, options: GrowthTestOptions = {}): Promise<FinishedGrowthCheck> {
    const check = await this.checkGrowth(operation, options);
    if (!check.passed) throw new GrowthError(check);
    return check;
  }

  /** Ends what was launched and still runs, and checks that still run: their tests are over. */
  async stopAll(): Promise<TargetExit[]> {
    this.#stopped.abort();
    this.#stopped = new AbortController();
    return await Promise.all([...this.#launched].map((target) => target.stop().catch(() => NOBODY)));
  }
}

const NOBODY: TargetExit = { exitCode: null, signal: null };
