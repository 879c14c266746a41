import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CaptureRecord } from '@firstchance/model';
import { makeReadModel, type ReadModel } from '@firstchance/report';
import { expect, it } from 'vitest';
import { chooseDumps } from './choose-dumps.ts';

const nothing = makeReadModel({ records: [], details: new Map(), checks: new Map(), unreadable: [] });
const captured = (path: string) => ({
  record: { trigger: { kind: 'manual', detail: '' }, time: '', dump: { path } } as unknown as CaptureRecord,
  detail: () => null,
  testState: null,
});

it('chooses files of the session, and none that a link leads to', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dumps-'));
  try {
    for (const path of ['session/captures/0001', 'elsewhere']) mkdirSync(join(folder, path), { recursive: true });
    for (const path of ['session/captures/0001/dump', 'elsewhere/dump']) writeFileSync(join(folder, path), 'dump');
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'session/captures/0002'));
    symlinkSync(join(folder, 'elsewhere/dump'), join(folder, 'session/captures/0001/linked'));
    // RUNNER_TEMP itself may be one.
    symlinkSync(join(folder, 'session'), join(folder, 'link'));
    const paths = ['captures/0001/dump', 'captures/0001/linked', 'captures/0002/dump', '../elsewhere/dump'];
    const model: ReadModel = { ...nothing, captures: paths.map(captured) };
    for (const session of ['session', 'link'])
      expect(chooseDumps(model, join(folder, session), 1_000).chosen.map(({ path }) => path)).toEqual(
        paths.slice(0, 1),
      );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
