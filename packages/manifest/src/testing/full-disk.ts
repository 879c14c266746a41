import { ManifestWriter } from '../append/manifest-writer.ts';
import { problem } from './records.ts';

/* Appends records of about 400 bytes where no file may grow beyond 1024, and says what came of each: `full-disk.ts FOLDER`. */
process.on('SIGXFSZ', () => {}); // else the kernel ends us instead of answering EFBIG
const writer = ManifestWriter.open(process.argv[2] ?? '');
const outcomes: string[] = [];
for (let count = 0; count < 5; count += 1) {
  try {
    writer.append({ ...problem(String(count)), why: 'y'.repeat(300) });
    outcomes.push('ok');
  } catch (error) {
    outcomes.push(String((error as { code?: unknown }).code));
  }
}
process.stdout.write(outcomes.join(' '));
