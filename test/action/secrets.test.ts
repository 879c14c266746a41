import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { firstchance, fixture } from '../support/firstchance.ts';
import { mayMount } from '../support/may-mount.ts';
import { ArtifactServer } from './support/artifact-server.ts';
import { Job } from './support/job.ts';
import { capture, frame, writeSession } from './support/session.ts';
import { zipEntries } from './support/zip-entries.ts';

let service: ArtifactServer;
beforeAll(async () => {
  service = await ArtifactServer.start();
});
afterAll(async () => await service[Symbol.asyncDispose]());
beforeEach(() => {
  service.artifacts.length = 0;
});

const newJob = () => new Job({ service: service.url });
const crash = { run: `dotnet ${fixture('crash')} unhandled`, dump: 'heap' };
const PASSWORD = 'correct horse battery 7!';
const uploaded = () => service.artifacts.map(({ name }) => name);

/** One frame, with a checksum or without, as the zstd program makes it. */
const zstd = (content: Buffer, checksum: boolean) =>
  execFileSync('zstd', ['-q', '-c', checksum ? '--check' : '--no-check'], { input: content, maxBuffer: 2 ** 30 });

/** A job that reports a session with this compressed dump, in a step that knows the password. */
async function uploadDump(dump: Buffer) {
  using job = newJob();
  const [begin, end] = frame('s', 1);
  const record = capture('s', { id: '0001-x', kind: 'unhandled', dump: 'dump.core.zst' });
  writeSession(path.join(job.workspace, '.firstchance/s'), [begin, record, end], dump);
  return await job.main('report', { mode: 'report', artifacts: '' }, { DB_PASSWORD: PASSWORD });
}

describe('a dump that holds a secret stays where it is', () => {
  test.each([
    ['of a variable whose name looks secret', { DB_PASSWORD: PASSWORD }, {}, 'DB_PASSWORD'],
    ['of a variable that was named', { SHOP_LICENCE: PASSWORD }, { secrets: 'SHOP_LICENCE' }, 'SHOP_LICENCE'],
  ])('%s', async (_, env, inputs, variable) => {
    using job = newJob();
    const step = await job.main('tests', { ...crash, ...inputs }, env);
    expect(uploaded()).toEqual(['firstchance-test-1-report']);
    const sentence = new RegExp(
      `the dumps: nothing was uploaded, captures/0001-.*/dump.core.zst holds the value of ${variable}`,
    );
    expect(step.stdout).toMatch(sentence);
    expect(step.summary).toContain(variable.replaceAll('_', '&#95;'));
    expect(step.stdout + step.summary + step.stderr).not.toContain(PASSWORD);
  });

  test('unless the author of the workflow lets the tests have it', async () => {
    using job = newJob();
    await job.main('tests', { ...crash, 'allow-env': 'DB_*' }, { DB_PASSWORD: PASSWORD });
    expect(uploaded()).toEqual(['firstchance-test-1-report', 'firstchance-test-1-dumps']);
  });

  test('or the tests do not get it', async () => {
    using job = newJob();
    await job.main('tests', { ...crash, 'scrub-env': 'true' }, { DB_PASSWORD: PASSWORD });
    expect(uploaded()).toEqual(['firstchance-test-1-report', 'firstchance-test-1-dumps']);
  });

  test('a report that holds one stays here, too', async () => {
    using job = newJob();
    const step = await job.main(
      'tests',
      { run: `echo ${PASSWORD.replace('!', '')}; exit 1` },
      { API_TOKEN: PASSWORD.replace('!', '') },
    );
    expect(uploaded()).toEqual([]);
    expect(step.stdout).toMatch(/the report: nothing was uploaded, manifest\.jsonl holds the value of API_TOKEN/);
  });

  test('in the last of many frames, from one frame into the next, also as UTF-16; not where it is not', async () => {
    const half = PASSWORD.length / 2;
    const wide = Buffer.from(PASSWORD, 'utf16le');
    const filler = Buffer.alloc(3_000_000, 'filler ');
    const dumps = {
      last: [[filler], [filler], [Buffer.alloc(500_000), Buffer.from(PASSWORD), filler]],
      between: [
        [filler, wide.subarray(0, half)],
        [wide.subarray(half), filler],
      ],
      none: [[filler, Buffer.from(PASSWORD).subarray(0, half)], [filler]],
    };
    for (const [name, frames] of Object.entries(dumps)) {
      service.artifacts.length = 0;
      const skippable = Buffer.from('5e2a4d1804000000ffffffff', 'hex');
      const packed = frames.flatMap((parts, index) => [zstd(Buffer.concat(parts), index === 1), skippable]);
      const step = await uploadDump(Buffer.concat(packed));
      expect([name, uploaded().length]).toEqual([name, name === 'none' ? 2 : 1]);
      expect(step.stdout.includes('holds the value of DB_PASSWORD')).toBe(name !== 'none');
    }
  });

  test('what cannot be searched is not uploaded', async () => {
    const whole = zstd(Buffer.alloc(300_000, 'x'), true);
    for (const broken of [whole.subarray(0, whole.length - 3), Buffer.concat([whole, Buffer.from('what is this')])]) {
      service.artifacts.length = 0;
      const step = await uploadDump(broken);
      expect(uploaded()).toEqual(['firstchance-test-1-report']);
      expect(step.stdout).toMatch(/the dumps could not be uploaded: Reading .*(cut off|something else than zstd)/);
    }
  });

  test('what was named and cannot be searched for is told', async () => {
    using job = newJob();
    const step = await job.main('tests', { run: 'true', secrets: 'SHORT\nMISSING' }, { SHORT: 'abc' });
    expect(step.stdout).toContain('secrets: SHORT was not searched for: its value has fewer than 8 characters');
    expect(step.stdout).toContain('secrets: MISSING was not searched for: it is not set in this step');
  });
});

describe('encryption', () => {
  async function encrypted(job: Job) {
    const identity = await generateX25519Identity();
    const key = path.join(job.path, 'key.txt');
    writeFileSync(key, `# created: today\n# public key: …\n${identity}\n`);
    const step = await job.main('tests', { ...crash, 'encryption-key': await identityToRecipient(identity) });
    const [entry, ...more] = zipEntries(service.named(/-dumps$/)[0]?.zip);
    expect(more).toEqual([]);
    const folder = path.join(job.path, 'download');
    mkdirSync(folder);
    const file = path.join(folder, path.basename(entry?.name ?? ''));
    writeFileSync(file, entry?.content ?? '');
    return { step, key, file, name: entry?.name ?? '' };
  }

  test('dumps are uploaded encrypted alone, and firstchance decrypt gives them back', async () => {
    using job = newJob();
    const { step, key, file, name } = await encrypted(job);
    expect(name).toMatch(/^captures\/0001-.*\/dump\.core\.zst\.age$/);
    expect(readFileSync(file).subarray(0, 22).toString()).toBe('age-encryption.org/v1\n');
    expect(job.leftovers()).toEqual([]);

    const outcome = await firstchance(['decrypt', '-i', key, file]);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const plain = file.replace(/\.age$/, '');
    expect(outcome.stdout.trim()).toBe(plain);
    const original = path.join(step.outputs.session ?? '', name.replace(/\.age$/, ''));
    expect(readFileSync(plain).equals(readFileSync(original))).toBe(true);
    expect((await firstchance(['decrypt', '-i', key, file])).stderr).toContain('exists already');
  });

  test('another key, a file that is cut off, no key: one sentence, and nothing is left', async () => {
    using job = newJob();
    const { key, file } = await encrypted(job);
    const other = path.join(job.path, 'other.txt');
    writeFileSync(other, await generateX25519Identity());
    const output = `${file}.out`;
    const decrypt = (...args: string[]) => firstchance(['decrypt', '-o', output, ...args]);

    const wrong = await decrypt('-i', other, file);
    expect(wrong).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/^firstchance: Decrypting .*: no identity matched.*private key.*\n$/),
    });
    expect(await decrypt(file)).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('name the file with the private key'),
    });
    writeFileSync(other, 'AGE-SECRET-KEY-1NONSENSE');
    const nonsense = await decrypt('-i', other, file);
    expect(nonsense).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('line 1: this is no private key of age'),
    });
    expect(nonsense.stderr).not.toContain('NONSENSE');

    truncateSync(file, 500_000);
    expect(await decrypt('-i', key, file)).toMatchObject({ code: 64, stderr: expect.stringContaining('Is it whole') });
    expect(() => readFileSync(output)).toThrow('ENOENT');
  });

  test.runIf(mayMount())('the disk is full: one sentence, no half artifact, nothing is left', async () => {
    using job = newJob();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', job.temporary]);
    try {
      const [begin, end] = frame('s', 1);
      const record = capture('s', { id: '0001-x', kind: 'unhandled' });
      writeSession(path.join(job.workspace, '.firstchance/s'), [begin, record, end], Buffer.alloc(3_000_000, 'x'));
      const key = await identityToRecipient(await generateX25519Identity());
      const step = await job.main('report', { mode: 'report', artifacts: '', 'encryption-key': key });
      expect(step.code).toBe(0);
      expect(step.stdout).toContain('the dumps could not be uploaded: the disk is full (ENOSPC)');
      expect(uploaded()).toEqual(['firstchance-test-1-report']);
      expect(readdirSync(job.temporary, { recursive: true }).filter((name) => String(name).includes('.age'))).toEqual(
        [],
      );
    } finally {
      execFileSync('umount', [job.temporary]);
    }
  });
});
