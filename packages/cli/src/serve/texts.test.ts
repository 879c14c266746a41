import type { CaptureDetail, GrowthCheck, ProblemRecord } from '@firstchance/model';
import type { SessionEnd } from '@firstchance/session';
import { expect, it } from 'vitest';
import { serverTexts } from './texts.ts';

const frame = { method: 'Shop.Cart.Pay()', module: 'Shop.dll', ilOffset: 3, file: '/src/Shop/Cart.cs', line: 17 };
const runtime = { ...frame, method: 'System.Int32.Parse(String)', module: 'System.Private.CoreLib.dll', line: 1 };
const detail = {
  ...{ record: 'capture', id: '0001-first-chance', pid: 7, time: '2026-11-25T02:11:12.000Z', test: null, thread: null },
  ...{ trigger: { kind: 'first-chance', detail: '' }, captureMethod: 'clone', captureMs: 100, pauseMs: 5, gc: 'idle' },
  process: { name: 'shop', runtime: '10.0.12', architecture: 'x64' },
  exception: { type: 'Shop.PayException', message: 'no\u001b[2Jcard', hresult: 0, inner: [], stack: [runtime, frame] },
  ...{ dump: null, threads: [], awaiting: [], topTypes: [], modules: [], notes: [] },
} as unknown as CaptureDetail;

it('a report begins with what happened and where: runners show the beginning of it', () => {
  const [first = ''] = serverTexts('.firstchance/x', {}).report(detail).split('\n');
  expect(first).toMatch(/^Shop\.PayException: no.*card at Cart\.cs:17$/);
  expect(first).not.toContain('\u001b');
});

it('advice is for who reads it: in a project, in a test of this language', () => {
  const texts = serverTexts('.firstchance/x', {});
  const check = {
    ...{ verdict: 'INFRASTRUCTURE_ERROR', reason: 'x', cure: '--surge COUNT goes on', growth: [], harmless: [] },
    ...{ rounds: [], minimumDetectable: {}, operations: 0, seed: 1, mode: 'quick' },
  } as unknown as GrowthCheck;
  expect(texts.check(check, 'vitest')).toContain('{ surge: COUNT } goes on');
  expect(texts.check(check, 'dotnet test')).toContain('GrowthOptions.Surge = COUNT goes on');
  const problem = { what: 'a', where: '', why: 'b', cure: 'run: firstchance doctor' } as ProblemRecord;
  expect(texts.problem(problem)).toContain('run: npx firstchance doctor');
});

it('where the locale has no other characters they are of ASCII', () => {
  const line = (LANG: string) => serverTexts('.firstchance/x', { LANG }).capture({ ...detail, record: 'capture' });
  expect(line('C')).toMatch(/^[ -~]*$/);
  expect(line('C.UTF-8')).toContain(' · ');
});

it('of tests that started no program it does not say that none ran: a server may be used again', () => {
  const end = { record: { captures: 0, problems: 0, verdict: null }, exitCode: 0, reason: '' } as unknown as SessionEnd;
  const text = serverTexts('x', {}).end(end, 0, { records: [], titleOf: () => '' });
  expect(text).toMatch(/these tests started no \.NET program.*attach\(pid\)$/);
});
