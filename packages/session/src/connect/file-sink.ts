import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordSink } from '../records/recorder.ts';

/** Appends records to manifest.jsonl, mode 0600: one write(2) per line on a descriptor opened for appending. */
export function fileSink(sessionFolder: string): RecordSink & Disposable {
  const file = openSync(join(sessionFolder, 'manifest.jsonl'), 'a', 0o600);
  return {
    append: (record) => void writeSync(file, `${JSON.stringify(record)}\n`),
    [Symbol.dispose]: () => closeSync(file),
  };
}
