import type { CaptureDetail, GrowthCheck, ManifestRecord, Verdict } from '@firstchance/model';
import { makeReadModel } from '../read-model/make-read-model.ts';
import type { ReadModel } from '../read-model/read-model.ts';
import { recordedSession } from './read-session.ts';

/*
 * Growth checks and ledger, written by hand after the schemas of packages/model: nothing records them yet. To be replaced by
 * recorded sessions when something does.
 */

const SESSION = '20261125-101112-a1b2c3';
const stamp = (second: number) => ({
  ...{ schema: 1 as const, session: SESSION },
  time: new Date(Date.UTC(2026, 10, 25, 10, 11, 12 + second)).toISOString(),
});

/** One session with every verdict, a ledger and memory by category. */
export function growthSession(): ReadModel {
  const verdicts: readonly Verdict[] = ['PASS', 'LEAK', 'GROWS_WHILE_IDLE', 'INCONCLUSIVE'];
  const checks = new Map<string, GrowthCheck>();
  const records: ManifestRecord[] = [
    {
      record: 'session',
      ...stamp(0),
      id: SESSION,
      command: ['npx', 'vitest', 'run'],
      versions: { firstchance: '0.1.0' },
      platform: 'linux-x64',
    },
  ];
  for (const [index, name] of ['sign in', 'search', 'pay'].entries()) {
    const id = `test-${index}`;
    const title = ['shop', name];
    records.push({
      record: 'test',
      ...stamp(index),
      id,
      title,
      file: 'tests/shop.test.ts',
      line: 10 + index,
      runner: 'vitest',
      attempt: 1,
      state: index === 1 ? 'failed' : 'passed',
      durationMs: 120,
    });
    records.push({
      ...{
        record: 'census',
        ...stamp(index + 1),
        id: `census-${index}`,
        testId: id,
        candidates: 1,
        pauseMs: 4.2,
        merged: [],
      },
      left: [
        { type: 'Shop.Session', module: 'Shop.dll', instances: 4 + index * 20, bytes: 1360 + index * 6800 },
        { type: 'System.String', module: 'System.Private.CoreLib.dll', instances: 9, bytes: 512 },
      ],
      channels: {
        managedBytes: 3_000_000 + index * 7000,
        privateBytes: { gcHeap: 8_000_000 + index * 90_000, malloc: 9_000_000 },
      },
    });
  }
  for (const [index, verdict] of verdicts.entries()) {
    const path = `checks/${index}.json`;
    checks.set(path, growthCheck(verdict));
    records.push({
      record: 'check',
      ...stamp(10 + index),
      id: `GET /orders/${index}`,
      verdict,
      reason: checks.get(path)?.reason ?? '',
      path,
    });
  }
  records.push({
    record: 'check',
    ...stamp(20),
    id: 'GET /gone',
    verdict: 'INFRASTRUCTURE_ERROR',
    reason: 'the target ended in round 3',
    path: 'checks/gone.json',
  });
  records.push({
    record: 'end',
    ...stamp(30),
    exitCode: 93,
    verdict: 'INFRASTRUCTURE_ERROR',
    reason: 'GET /gone could not be checked',
    captures: 0,
    checks: 5,
    problems: 0,
  });
  return makeReadModel({ records, details: new Map(), checks, unreadable: ['check GET /gone: there is no gone.json'] });
}

/** As many entries as asked for, each with all it can have. */
export function stressSession(size: { captures: number; checks: number; tests: number }): ReadModel {
  const [recorded] = recordedSession('crash').captures;
  const records: ManifestRecord[] = [];
  const details = new Map<string, CaptureDetail>();
  const checks = new Map<string, GrowthCheck>();
  const detail = recorded?.detail();
  for (let index = 0; index < size.captures && recorded && detail; index += 1) {
    const id = `${String(index).padStart(4, '0')}-unhandled-X`;
    const threads = detail.threads.map((thread) => ({
      ...thread,
      stack: [
        {
          method: `Shop.Page${index}.Load()`,
          module: 'Shop.dll',
          ilOffset: 0,
          file: `Page${index}.cs`,
          line: index + 1,
        },
        ...thread.stack,
      ],
    }));
    details.set(id, { ...detail, id, session: SESSION, threads });
    records.push({ ...recorded.record, id, session: SESSION });
  }
  for (let index = 0; index < size.checks; index += 1) {
    const verdict = index % 10 === 9 ? 'LEAK' : 'PASS';
    const path = `checks/${index}.json`;
    checks.set(path, growthCheck(verdict));
    records.push({ record: 'check', ...stamp(index), id: `operation ${index}`, verdict, reason: 'as it says', path });
  }
  for (let index = 0; index < size.tests; index += 1)
    records.push({
      record: 'test',
      ...stamp(index),
      id: `t${index}`,
      title: ['suite', `test ${index}`],
      file: null,
      line: null,
      runner: 'xunit',
      attempt: 1,
      state: index % 2 === 0 ? 'failed' : 'passed',
      durationMs: 1,
    });
  return makeReadModel({ records, details, checks, unreadable: [] });
}

function growthCheck(verdict: Verdict): GrowthCheck {
  const leaks = verdict === 'LEAK';
  const doses = [5, 10, 20, 0, 20, 10, 20, 0, 10, 0, 10, 200];
  let done = 0;
  const rounds = doses.map((dose, index) => {
    done += dose;
    const phase = index < 2 ? 'warm-up' : index < 9 ? 'measure' : index < 11 ? 'idle' : 'surge';
    return {
      ...{ index, phase: phase as 'warm-up', dose, durationMs: 20 + dose, pauseMs: 4.5 },
      channels: {
        instances: 20_000 + (leaks ? done : 0),
        managedBytes: 2_000_000 + (leaks ? done * 340 : (index * 7919) % 300),
        threads: 12,
        privateBytes: { gcHeap: 8_000_000 },
      },
    };
  });
  const path = [
    'static Shop.Store.s_sessions',
    'System.Collections.Generic.List<Shop.Session>',
    'Shop.Session[]',
    'Shop.Session',
  ];
  const growth = {
    channel: 'instances',
    type: 'Shop.Session',
    module: 'Shop.dll',
    perOperation: 1,
    bytesPerOperation: 340,
    low: 0.98,
    high: 1.02,
    container: 'System.Collections.Generic.List<Shop.Session>',
    path,
    owner: ['Shop.Store.Open (Store.cs:42)', 'Shop.Login.Enter (Login.cs:17)', 'Program.<Main>$ (Program.cs:3)'],
    pattern: 'static-collection',
    cure: 'Remove what is done with from the collection.',
    fingerprint: 'ab12',
    series: rounds.map(({ channels }) => channels.instances - 20_000),
  };
  // Comes with each session and stands on its path: told with it where there is little room.
  const { owner: _owner, ...same } = growth;
  const carrier = { ...same, type: 'System.Node', low: 0.98765432, path: path.slice(0, 3), fingerprint: 'cd34' };
  return {
    ...{
      schema: 1,
      verdict,
      mode: 'quick',
      operations: done,
      seed: 42,
      rounds,
      growth: leaks ? [growth, carrier] : [],
      harmless: [],
    },
    reason: leaks
      ? 'Shop.Session grew by 1.00 per operation'
      : `${verdict.toLowerCase().replaceAll('_', ' ')}, by hand`,
    minimumDetectable: { instancesPerOperation: 0.1, managedBytesPerOperation: 150, nativeBytesPerOperation: null },
  };
}
