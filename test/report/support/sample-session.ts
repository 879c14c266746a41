import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ManifestRecord } from '../../../packages/model/src/index.ts';
import { capture } from './sample/capture.ts';
import { check } from './sample/check.ts';
import { at, random, SESSION, stamp } from './sample/common.ts';
import { testRecords } from './sample/tests.ts';

/*
 * A session as large as one gets, written by hand after the published schemas: captures and growth checks in any number, a
 * ledger, memory by category. Real captures for the report's tests are in packages/report/src/testing/sessions.
 */

export interface SampleSize {
  readonly captures: number;
  readonly checks: number;
  readonly tests: number;
}

/** Writes a session folder of that size. */
export function writeSampleSession(folder: string, size: SampleSize): void {
  const next = random(7);
  mkdirSync(path.join(folder, 'checks'), { recursive: true });
  const records: ManifestRecord[] = [
    {
      record: 'session',
      ...stamp(0),
      id: SESSION,
      command: ['dotnet', 'test', 'Shop.sln', '--filter', 'Category!=Slow'],
      versions: { firstchance: '0.1.0', node: '20.20.2' },
      platform: 'linux-x64',
    },
    {
      record: 'target',
      ...stamp(1),
      pid: 4242,
      name: 'testhost',
      commandLine: ['dotnet', 'testhost.dll'],
      runtime: '10.0.12',
      architecture: 'x64',
      agent: 'loaded',
      started: at(1),
      ended: at(700),
      exitCode: 1,
    },
  ];
  records.push(...testRecords(size.tests, next));
  for (let number = 1; number <= size.captures; number += 1) {
    const detail = capture(number, next);
    const { threads: _t, awaiting: _a, topTypes: _y, dominators: _d, modules: _m, notes: _n, ...record } = detail;
    mkdirSync(path.join(folder, 'captures', detail.id), { recursive: true });
    writeFileSync(path.join(folder, 'captures', detail.id, 'capture.json'), JSON.stringify(detail));
    records.push(record);
  }
  for (let number = 0; number < size.checks; number += 1) {
    const { id, ...document } = check(number, next);
    const file = `checks/${String(number).padStart(4, '0')}.json`;
    writeFileSync(path.join(folder, file), JSON.stringify(document));
    records.push({
      record: 'check',
      ...stamp(number),
      id,
      verdict: document.verdict,
      reason: document.reason,
      path: file,
    });
  }
  records.push(
    {
      record: 'skipped',
      ...stamp(600),
      trigger: 'first-chance',
      exceptionType: 'System.Collections.Generic.KeyNotFoundException',
      why: 'per-place',
      count: 312,
    },
    {
      record: 'problem',
      ...stamp(601),
      what: 'capture 0007 failed',
      where: 'process 4242',
      why: 'the disk is full (ENOSPC)',
      cure: 'Free some space, or write elsewhere with -x FOLDER.',
    },
    {
      record: 'end',
      ...stamp(702),
      exitCode: 93,
      verdict: 'LEAK',
      reason: 'GET /orders/3 could not be checked: the target ended with exit code 134',
      captures: size.captures,
      checks: size.checks,
      problems: 1,
    },
  );
  writeFileSync(path.join(folder, 'manifest.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}
