import type { TestInfo } from '@playwright/test';

/* The parts of Playwright's time keeping that we watch. They are not public, and the same from 1.50 to 1.65. */

interface Slot {
  /** In ms; 0: no limit. */
  readonly timeout: number;
  readonly elapsed: number;
}

/** A piece of a test that has a limit: a hook, a fixture's setup or teardown, the function. */
export interface Runnable {
  readonly type: string;
  readonly slot?: Slot;
  readonly fixture?: { readonly title: string; readonly slot?: Slot };
}

interface Running {
  readonly runnable: Runnable;
  readonly slot: Slot;
}

export interface TimeKeeper {
  withRunnable(runnable: Runnable | undefined, work: () => Promise<unknown>): Promise<unknown>;
  /** Called when a limit begins or changes. */
  _updateTimeout(running: Running): void;
  isTimeExhaustedFor(runnable: Runnable): boolean;
  defaultSlot(): Slot;
  /** With --debug and in UI mode. */
  readonly _ignoreTimeouts?: boolean;
  readonly _running?: Running | undefined;
}

const METHODS = ['withRunnable', '_updateTimeout', 'isTimeExhaustedFor', 'defaultSlot'] as const;

/** Undefined when this version of Playwright keeps time in another way. */
export function timeKeeperOf(test: TestInfo): TimeKeeper | undefined {
  const keeper = (test as { _timeoutManager?: Partial<TimeKeeper> })._timeoutManager;
  return METHODS.every((name) => typeof keeper?.[name] === 'function') ? (keeper as TimeKeeper) : undefined;
}

/**
 * What is left of a limit, in ms; null: no limit.
 * @param since ms that it runs already: Playwright adds them to the slot when it has ended
 */
export function timeLeft(keeper: TimeKeeper, runnable: Runnable, since = 0): number | null {
  const { timeout, elapsed } = runnable.fixture?.slot ?? runnable.slot ?? keeper.defaultSlot();
  return timeout === 0 || keeper._ignoreTimeouts === true ? null : timeout - elapsed - since;
}
