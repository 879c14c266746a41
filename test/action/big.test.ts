import { createWriteStream, readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { expect, test } from 'vitest';
import { inMatrix } from '../support/scope.ts';
import { ArtifactServer } from './support/artifact-server.ts';
import { Job } from './support/job.ts';
import { capture, frame, writeSession } from './support/session.ts';

const MB = 1024 * 1024;
const hook = pathToFileURL(path.join(import.meta.dirname, 'support/hold-memory.mjs')).href;

/** Most memory that main held, in MB, while it searched, perhaps encrypted, and uploaded a dump of that size. */
async function peakOf(megabytes: number, encryptionKey: string): Promise<number> {
  await using service = await ArtifactServer.start();
  service.behaviour = { discard: true };
  using job = new Job({ service: service.url });
  const folder = path.join(job.workspace, '.firstchance/s');
  const [begin, end] = frame('s', 1);
  const dump = capture('s', { id: '0001-x', kind: 'unhandled' });
  writeSession(folder, [begin, dump, end]);
  await pipeline(Readable.from(blocks(megabytes)), createWriteStream(path.join(folder, 'captures/0001-x/dump.core')));
  const peak = path.join(job.path, 'peak');
  const step = await job.main(
    'report',
    { mode: 'report', artifacts: '', 'max-upload': '4GB', 'encryption-key': encryptionKey },
    { NODE_OPTIONS: `--import=${hook}`, PEAK_MEMORY: peak, DB_PASSWORD: 'not in that file at all' },
  );
  expect(step.code).toBe(0);
  const [artifact] = service.named(/-dumps$/);
  expect(artifact?.bytes).toBeGreaterThan(megabytes * MB);
  return Number(readFileSync(peak, 'utf8')) / 1024;
}

function* blocks(megabytes: number): Generator<Buffer> {
  const block = Buffer.alloc(MB);
  for (let number = 0; number < megabytes; number += 1) {
    for (let at = 0; at < MB; at += 64) block.writeUInt32LE((number * 2654435761 + at) >>> 0, at);
    yield Buffer.from(block);
  }
}

/** Blocks of 8 MiB, five at once, the rest is Node: what does not grow with the file. */
const BOUND_MB = 450;

/** Takes minutes: a gigabyte is searched, sealed and sent. */
test.runIf(inMatrix)(
  'a dump of 1 GB is searched, encrypted and uploaded in memory that does not grow with it',
  { timeout: 600_000 },
  async () => {
    const key = await identityToRecipient(await generateX25519Identity());
    const plain = await peakOf(1024, '');
    const sealed = await peakOf(1024, key);
    expect(plain).toBeLessThan(BOUND_MB);
    expect(sealed).toBeLessThan(BOUND_MB);
  },
);
