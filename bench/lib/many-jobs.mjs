import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/*
 * Sessions as a matrix of CI jobs leaves them, after the published schemas: each a folder with a manifest of about 250 kB and
 * the documents that it names. Every number is the same in every run; texts differ from job to job, as those of real jobs do.
 */

const STACK = 24;
const at = (job, second) => new Date(Date.UTC(2026, 10, 25, 10, 0, job) + second * 1000).toISOString();

/**
 * Writes the folders of so many jobs below `folder`.
 * @param {string} folder
 * @param {number} jobs
 * @param {number} [withDocuments] of how many jobs there are also capture.json and checks: copying them takes most of the time
 * @returns {{ folders: string[], manifestBytes: number, documentBytes: number }}
 */
export function writeJobs(folder, jobs, withDocuments = jobs) {
  const written = { folders: [], manifestBytes: 0, documentBytes: 0 };
  for (let job = 0; job < jobs; job += 1) {
    const own = path.join(folder, `job-${String(job).padStart(3, '0')}`);
    const { records, documents } = makeJob(job);
    mkdirSync(path.join(own, 'checks'), { recursive: true });
    const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    writeFileSync(path.join(own, 'manifest.jsonl'), lines);
    written.manifestBytes += Buffer.byteLength(lines);
    for (const [name, document] of job < withDocuments ? documents : []) {
      const text = JSON.stringify(document);
      mkdirSync(path.dirname(path.join(own, name)), { recursive: true });
      writeFileSync(path.join(own, name), text);
      written.documentBytes += text.length;
    }
    written.folders.push(own);
  }
  return written;
}

function makeJob(job) {
  const session = `20261125-10${String(job).padStart(4, '0')}-a1b2c3`;
  const stamp = (second) => ({ schema: 1, session, time: at(job, second) });
  const documents = new Map();
  const records = [
    {
      ...{ record: 'session', ...stamp(0), id: session, command: ['dotnet', 'test', `--filter=Shard=${job}`] },
      ...{ versions: { firstchance: '0.1.0', node: '20.20.2' }, platform: 'linux-x64' },
    },
    target(stamp(1), job),
  ];
  for (let number = 0; number < 150; number += 1) records.push(...testOf(stamp, job, number));
  for (let number = 0; number < 24; number += 1) {
    const capture = captureOf(stamp(200 + number), job, number);
    records.push(capture);
    documents.set(`captures/${capture.id}/capture.json`, detailOf(capture, job));
    const testState = number % 3 === 0 ? 'failed' : 'passed';
    records.push({ record: 'result', ...stamp(300), captureId: capture.id, kept: true, testState });
  }
  for (let number = 0; number < 40; number += 1) records.push(censusOf(stamp(300 + number), job, number));
  for (let number = 0; number < 4; number += 1) {
    const check = checkOf(stamp(400 + number), job, number);
    records.push(check);
    documents.set(check.path, growthOf(check, job));
  }
  for (let number = 0; number < 3; number += 1)
    records.push({
      ...{
        record: 'problem',
        ...stamp(410),
        what: `reading process ${number} of job ${job}`,
        where: `pid ${4000 + job}`,
      },
      ...{ why: 'it ended before it could be read', cure: 'Nothing is to be done.' },
    });
  records.push({
    ...{ record: 'skipped', ...stamp(420), trigger: 'first-chance', exceptionType: 'System.FormatException' },
    ...{ why: 'per-place', count: 40 + job },
  });
  records.push({
    ...{ record: 'end', ...stamp(430), exitCode: job % 2, verdict: 'PASS', captures: 24, checks: 4, problems: 3 },
    reason: `the command ended with ${job % 2}`,
  });
  return { records, documents };
}

function target(stamp, job) {
  return {
    ...{
      record: 'target',
      ...stamp,
      pid: 4000 + job,
      name: 'testhost',
      commandLine: ['dotnet', `/src/${job}/tests.dll`],
    },
    ...{ runtime: '10.0.12', architecture: 'x64', agent: 'loaded', started: stamp.time },
  };
}

const testIdentity = (job, number) => ({
  ...{ id: `${job}-t${number}`, title: [`Shop.Tests.Shard${job}.CheckoutTests`, `An order is paid once (${number})`] },
  ...{ file: `/src/Shop.Tests/Shard${job}/CheckoutTests.cs`, line: 10 + number, runner: 'xunit', attempt: 1 },
});

function testOf(stamp, job, number) {
  const base = { record: 'test', ...stamp(number), ...testIdentity(job, number) };
  const state = number % 25 === 3 ? 'failed' : 'passed';
  return [
    { ...base, state: 'started', durationMs: null },
    { ...base, state, durationMs: 120 + number },
  ];
}

const frameOf = (job, number, depth) => ({
  ...{ method: `Shop.Shard${job}.Layer${depth}.Handle${number}(Shop.Order,System.Threading.CancellationToken)` },
  ...{ module: 'Shop.dll', ilOffset: 12 + depth, file: `/src/Shop/Shard${job}/Layer${depth}.cs`, line: 20 + depth },
});

function captureOf(stamp, job, number) {
  const id = `${String(number + 1).padStart(4, '0')}-first-chance-KeyNotFoundException`;
  return {
    ...{ record: 'capture', ...stamp, id, pid: 4000 + job, trigger: { kind: 'first-chance', detail: '' } },
    process: { name: 'testhost', commandLine: ['dotnet', 'tests.dll'], runtime: '10.0.12', architecture: 'x64' },
    test: { ...testIdentity(job, number), candidates: 1 },
    thread: { osId: 4250, name: '.NET TP Worker' },
    exception: {
      ...{ type: 'System.Collections.Generic.KeyNotFoundException', hresult: -2146232969, inner: [] },
      message: `The given key 'order-${job}-${number}' was not present in the dictionary.`,
      stack: Array.from({ length: STACK }, (_, depth) => frameOf(job, number, depth)),
    },
    ...{ pauseMs: 4.5, captureMethod: 'clone', gc: 'idle', durationMs: 78 },
    dump: { kind: 'mini', path: `captures/${id}/dump.core.zst`, bytes: 1_700_000, rawBytes: 9_000_000, leftOut: [] },
  };
}

function detailOf(capture, job) {
  return {
    ...capture,
    threads: Array.from({ length: 8 }, (_, index) => ({
      ...{ osId: 4250 + index, managedId: index, name: `worker ${index}`, state: 'waiting', exception: null },
      stack: Array.from({ length: STACK }, (_, depth) => frameOf(job, 100 + index, depth)),
    })),
    awaiting: [],
    topTypes: Array.from({ length: 60 }, (_, index) => ({
      ...{ type: `Shop.Shard${job}.Entity${index}`, module: 'Shop.dll', instances: 900 - index, bytes: 90_000 - index },
    })),
    modules: Array.from({ length: 40 }, (_, index) => ({ name: `Lib${index}.dll`, path: `/src/bin/Lib${index}.dll` })),
    notes: [],
  };
}

function censusOf(stamp, job, number) {
  return {
    ...{ record: 'census', ...stamp, id: `census-${job}-${number}`, testId: `${job}-t${number}`, candidates: 1 },
    ...{ pauseMs: 4.2, merged: [] },
    left: Array.from({ length: 8 }, (_, index) => ({
      ...{ type: `Shop.Shard${job}.Caching.Entry${index}`, module: 'Shop.dll', instances: 3 + number },
      bytes: (number * 7919 + index * 104_729 + job * 31) % 50_000,
    })),
    channels: {
      ...{ managedBytes: 3_000_000 + number * 7000, residentBytes: 80_000_000 },
      privateBytes: { gcHeap: 8_000_000 + number * 90_000, malloc: 9_000_000 },
    },
  };
}

const VERDICTS = ['PASS', 'LEAK', 'INCONCLUSIVE', 'PASS'];

function checkOf(stamp, job, number) {
  const verdict = VERDICTS[number];
  return {
    ...{ record: 'check', ...stamp, id: `GET /shard/${job}/orders/${number}`, verdict },
    ...{ reason: `the ${number}. check of job ${job} says so`, path: `checks/${number}.json` },
  };
}

function growthOf({ verdict, reason }, job) {
  const rounds = Array.from({ length: 12 }, (_, index) => ({
    ...{ index, phase: index < 2 ? 'warm-up' : 'measure', dose: 20, durationMs: 40, pauseMs: 4.5 },
    channels: { instances: 20_000 + index * 20, managedBytes: 2_000_000 + index * 6800, threads: 12 },
  }));
  const growth = {
    ...{ channel: 'instances', type: `Shop.Shard${job}.Session`, module: 'Shop.dll', perOperation: 1 },
    ...{ bytesPerOperation: 340, low: 0.98, high: 1.02, fingerprint: 'ab12' },
    path: ['static Shop.Store.s_sessions', 'System.Collections.Generic.List<Shop.Session>', 'Shop.Session'],
  };
  return {
    ...{ schema: 1, verdict, reason, mode: 'quick', operations: 240, seed: 42, rounds, harmless: [] },
    growth: verdict === 'LEAK' ? [growth] : [],
    minimumDetectable: { instancesPerOperation: 0.1, managedBytesPerOperation: 150, nativeBytesPerOperation: null },
  };
}
