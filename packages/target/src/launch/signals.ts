import { ENDING, type HeldSignals } from './held-signals.ts';
import type { LaunchedCommand } from './launch.ts';

export interface SignalRelayOptions {
  /** Signals that came before the command was there: they are passed on first. */
  readonly held?: HeldSignals;
  /** After this long with the command still alive, the next Ctrl-C or SIGTERM kills its process group. Default 5000 ms. */
  readonly graceMs?: number;
  /** An ending signal is about to be passed on. */
  readonly beforeSignal?: () => void;
  /** The first ending signal has been passed on. */
  readonly onSignal?: (signal: NodeJS.Signals) => void;
  /** The command still runs after the grace period; the next signal kills it. */
  readonly onStillAlive?: () => void;
  /** The process group has been killed. */
  readonly onKill?: () => void;
}

/**
 * Passes signals on to the command, each exactly once. The command runs in a session of its own and gets none of the
 * terminal's signals by itself: besides the ending ones, a changed window size and Ctrl-Z must be passed on too.
 */
export class SignalRelay implements Disposable {
  readonly #command: LaunchedCommand;
  readonly #options: SignalRelayOptions;
  readonly #handlers = new Map<NodeJS.Signals, () => void>();
  #first: NodeJS.Signals | undefined;
  #graceOver = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(command: LaunchedCommand, options: SignalRelayOptions = {}) {
    this.#command = command;
    this.#options = options;
    for (const signal of ENDING) this.#handle(signal, () => this.#end(signal));
    this.#handle('SIGWINCH', () => command.signalGroup('SIGWINCH'));
    this.#handle('SIGTSTP', () => this.#suspend());
    for (const signal of options.held?.release() ?? []) this.#end(signal);
  }

  /** The first ending signal that came; undefined when the run was not interrupted. */
  get interruptedBy(): NodeJS.Signals | undefined {
    return this.#first;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const [signal, handler] of this.#handlers) process.off(signal, handler);
    this.#handlers.clear();
  }

  #handle(signal: NodeJS.Signals, handler: () => void): void {
    this.#handlers.set(signal, handler);
    process.on(signal, handler);
  }

  #end(signal: NodeJS.Signals): void {
    this.#options.beforeSignal?.();
    if (this.#graceOver) {
      this.#command.signalGroup('SIGKILL');
      this.#options.onKill?.();
      return;
    }
    this.#command.signalGroup(signal);
    if (this.#first !== undefined) return;
    this.#first = signal;
    this.#timer = setTimeout(() => {
      if (this.#command.exit !== undefined) return;
      this.#graceOver = true;
      this.#options.onStillAlive?.();
    }, this.#options.graceMs ?? 5_000);
    this.#timer.unref();
    this.#options.onSignal?.(signal);
  }

  #suspend(): void {
    // The command's group is an orphaned one, for which the kernel ignores SIGTSTP: stop it for certain.
    this.#command.signalGroup('SIGSTOP');
    process.once('SIGCONT', () => this.#command.signalGroup('SIGCONT'));
    process.kill(process.pid, 'SIGSTOP');
  }
}
