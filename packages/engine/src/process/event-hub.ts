import { conforms } from '@firstchance/model';
import type { EngineEvents } from '../wire/agents.ts';
import { eventSchemas } from '../wire/agents-schema.ts';

type Listener<E extends keyof EngineEvents> = (value: EngineEvents[E]) => void;

/** Gives the engine's notifications to whoever listens, once they are known to be what their type says. */
export class EventHub {
  readonly #listeners: { [E in keyof EngineEvents]?: Set<Listener<E>> } = {};

  static readonly events = Object.keys(eventSchemas) as (keyof EngineEvents)[];

  on<E extends keyof EngineEvents>(event: E, listener: Listener<E>): void {
    const listeners: Set<Listener<E>> = this.#listeners[event] ?? new Set();
    listeners.add(listener);
    (this.#listeners as Record<E, Set<Listener<E>>>)[event] = listeners;
  }

  dispatch<E extends keyof EngineEvents>(event: E, params: unknown): void {
    const checked = conforms<EngineEvents[E]>(eventSchemas[event], params);
    if (checked.ok) this.#emit(event, checked.value);
    else this.#notUnderstood(event, params, checked.problem);
  }

  #notUnderstood(event: string, params: unknown, problem: string): void {
    const text = `the engine's notification ${event} was not understood: ${problem}`;
    const captureToken = (params as { captureToken?: unknown } | null)?.captureToken;
    // Somebody waits for the end of this capture: it must come, as a failure.
    if (event === 'capture/done' && typeof captureToken === 'string') {
      const error = {
        code: 'internal',
        what: 'Reading the result of a capture',
        why: problem,
        cure: '',
        errno: 0,
      } as const;
      this.#emit('capture/done', { captureToken, error });
    }
    this.#emit('log', { level: 'error', text });
  }

  #emit<E extends keyof EngineEvents>(event: E, value: EngineEvents[E]): void {
    for (const listener of this.#listeners[event] ?? []) listener(value);
  }
}
