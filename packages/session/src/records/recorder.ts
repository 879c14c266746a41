import type { ManifestRecord, RecordBody } from '@firstchance/model';
import { errorText } from '@firstchance/model';
import type { Problem } from '../problems/problem.ts';

/** Where records go for good. */
export interface RecordSink {
  /** Appends one record, whole or not at all. */
  append(record: ManifestRecord): void;
}

/** Stamps records, appends them to the manifest and tells whoever listens, in one order. */
export class Recorder {
  readonly sessionId: string;
  readonly #sink: RecordSink;
  readonly #listener: (record: ManifestRecord) => void;
  readonly #seenProblems = new Set<string>();
  #problems = 0;
  #broken = false;

  constructor(sessionId: string, sink: RecordSink, listener: (record: ManifestRecord) => void) {
    this.sessionId = sessionId;
    this.#sink = sink;
    this.#listener = listener;
  }

  get problems(): number {
    return this.#problems;
  }

  write(body: RecordBody, time = new Date().toISOString()): ManifestRecord {
    const { record: kind, ...rest } = body;
    const record = { record: kind, schema: 1, session: this.sessionId, time, ...rest } as ManifestRecord;
    try {
      this.#sink.append(record);
    } catch (error) {
      this.#lost(error, record);
    }
    this.#listener(record);
    return record;
  }

  /** Records a problem. The same one is told once, however often it comes. */
  problem(problem: Problem): void {
    const key = `${problem.what}\0${problem.where}\0${problem.why}`;
    if (this.#seenProblems.has(key)) return;
    this.#seenProblems.add(key);
    this.#problems += 1;
    this.write({ record: 'problem', ...problem });
  }

  /** The manifest itself cannot be written, for example on a full disk: say so once, to people at least. */
  #lost(error: unknown, record: ManifestRecord): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#problems += 1;
    const why = errorText(error);
    const cure = 'free some space or write elsewhere with -x FOLDER; this run goes on without';
    const body = { what: 'the manifest could not be written', where: 'manifest.jsonl', why, cure };
    this.#listener({ record: 'problem', schema: 1, session: this.sessionId, time: record.time, ...body });
  }
}
