import type { CaptureDetail } from '@firstchance/model';
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
  const [first = ''] = serverTexts('.firstchance/x').report(detail).split('\n');
  expect(first).toMatch(/^Shop\.PayException: no.*card at Cart\.cs:17$/);
  expect(first).not.toContain('\u001b');
});
