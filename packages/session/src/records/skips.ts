import type { CaptureKind } from '@firstchance/model';
import type { Recorder } from './recorder.ts';

const FLUSH_MS = 1_000;

/** Adds up matches that were not captured: a program may throw a hundred thousand times, the manifest gets a few lines. */
export class SkipCounter implements Disposable {
  readonly #recorder: Recorder;
  readonly #counts = new Map<
    string,
    { trigger: CaptureKind; exceptionType: string | null; why: string; count: number }
  >();
  #timer: NodeJS.Timeout | undefined;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  add(trigger: CaptureKind, exceptionType: string | null, why: string, count = 1): void {
    if (count <= 0) return;
    const key = `${trigger}\0${exceptionType ?? ''}\0${why}`;
    const entry = this.#counts.get(key);
    if (entry) entry.count += count;
    else this.#counts.set(key, { trigger, exceptionType, why, count });
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  /** Writes what has come since the last time; records of one kind add up. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const entry of this.#counts.values()) this.#recorder.write({ record: 'skipped', ...entry });
    this.#counts.clear();
  }

  [Symbol.dispose](): void {
    this.flush();
  }
}
