import { writeSync } from 'node:fs';
import { ManifestWriter } from '../append/manifest-writer.ts';

/* A process that appends records without end and says on standard output which are in: `writer.ts FOLDER NAME`. */
const [, , folder = '', name = ''] = process.argv;
const writer = ManifestWriter.open(folder);
for (let count = 1; ; count += 1) {
  // Every size from a short line to one of many pages.
  const why = 'x'.repeat((count * 7919) % 60_000);
  const stamp = { schema: 1, session: name, time: '2026-11-24T13:05:25.123Z' } as const;
  writer.append({ record: 'problem', ...stamp, what: `${count}`, where: name, why, cure: '' });
  writeSync(1, `${count}\n`);
}
