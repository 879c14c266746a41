import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CaptureDetail,
  type CaptureRecord,
  captureDetailSchema,
  conforms,
  errorText,
  FirstchanceError,
  type ManifestRecord,
  type ProblemRecord,
} from '@firstchance/model';
import type { SessionListener } from '@firstchance/session';
import type { CaptureBrief, NotificationName, NotificationOf } from '../wire/values.ts';
import { KeptLedger } from './kept-ledger.ts';
import type { Texts } from './request.ts';

/** Somebody who is told what happens. */
export interface Listening {
  readonly owner: boolean;
  /** The test is one of its own. */
  knowsTest(testId: string): boolean;
  notify<N extends NotificationName>(name: N, value: NotificationOf<N>): void;
}

/** Tells clients what the session records: the owner everything, a worker what is about its tests. */
export class Notifier implements SessionListener {
  readonly #folder: string;
  readonly #texts: Texts;
  readonly #listening = new Set<Listening>();
  readonly #captures = new Map<string, CaptureBrief[]>();
  /** What tests left behind. */
  readonly ledger = new KeptLedger();
  #untold: string[] = [];

  constructor(sessionFolder: string, texts: Texts) {
    this.#folder = sessionFolder;
    this.#texts = texts;
  }

  add(listening: Listening): void {
    this.#listening.add(listening);
  }

  remove(listening: Listening): void {
    this.#listening.delete(listening);
  }

  /** Problems of the time before the owner was there, in words; told once. */
  takeUntold(): string[] {
    const texts = this.#untold;
    this.#untold = [];
    return texts;
  }

  /** Captures of a test so far. */
  capturesOf(testId: string): CaptureBrief[] {
    return this.#captures.get(testId) ?? [];
  }

  /** A test of this id begins anew (watch mode). */
  forget(testId: string): void {
    this.#captures.delete(testId);
  }

  /** @throws FirstchanceError when there is no such capture (any more) */
  report(captureId: string): string {
    const known = [...this.#captures.values()].some((briefs) => briefs.some(({ id }) => id === captureId));
    const file = join(this.#folder, 'captures', captureId, 'capture.json');
    try {
      if (!known) throw new Error('it belongs to no test of this session');
      const read = conforms<CaptureDetail>(captureDetailSchema, JSON.parse(readFileSync(file, 'utf8')));
      if (!read.ok) throw new Error(read.problem);
      return this.#texts.report(read.value);
    } catch (cause) {
      const why = errorText(cause);
      throw new FirstchanceError(
        { code: 'no-capture', what: `Reading capture ${captureId.slice(0, 200)}`, why },
        { cause },
      );
    }
  }

  brief(capture: CaptureRecord | CaptureDetail): CaptureBrief {
    const { id, pid, trigger, exception, dump } = capture;
    return {
      ...{ id, pid, kind: trigger.kind, folder: join(this.#folder, 'captures', id) },
      dump: dump === null ? null : join(this.#folder, dump.path),
      exception: exception && (exception.message === null ? exception.type : `${exception.type}: ${exception.message}`),
      text: this.#texts.capture({ ...capture, record: 'capture' } as CaptureRecord),
    };
  }

  onRecord(record: ManifestRecord): void {
    this.ledger.add(record);
    if (record.record === 'capture') this.#capture(record);
    else if (record.record === 'problem') this.#problem(record);
    else if (record.record === 'census') {
      const { testId } = record;
      this.#tell((one) => testId !== null && one.knowsTest(testId), 'census', { record });
    } else if (record.record === 'result' && !record.kept) this.#removed(record.captureId);
  }

  onStacks(detail: CaptureDetail): void {
    this.#tell(() => false, 'progress', { about: 'stacks', text: this.#texts.stacks(detail) });
  }

  #capture(record: CaptureRecord): void {
    const brief = this.brief(record);
    const testId = record.test?.id;
    if (testId !== undefined) this.#captures.set(testId, [...this.capturesOf(testId), brief]);
    this.#tell((one) => testId !== undefined && one.knowsTest(testId), 'capture', { record, brief });
  }

  #problem(record: ProblemRecord): void {
    const text = this.#texts.problem(record);
    if (![...this.#listening].some(({ owner }) => owner)) this.#untold.push(text);
    this.#tell(() => true, 'problem', { record, text });
  }

  #removed(captureId: string): void {
    for (const [test, briefs] of this.#captures) {
      if (briefs.some(({ id }) => id === captureId))
        this.#captures.set(
          test,
          briefs.filter(({ id }) => id !== captureId),
        );
    }
  }

  #tell<N extends NotificationName>(worker: (one: Listening) => boolean, name: N, value: NotificationOf<N>): void {
    for (const one of this.#listening) if (one.owner || worker(one)) one.notify(name, value);
  }
}
