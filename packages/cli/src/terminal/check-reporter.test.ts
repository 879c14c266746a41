import type { Growth, GrowthCheck } from '@firstchance/model';
import type { CheckedTarget } from '@firstchance/session';
import { expect, it } from 'vitest';
import { CheckReporter } from './check-reporter.ts';

const growth = {
  ...{ channel: 'instances', type: 'Shop.Session', module: 'Shop.dll', perOperation: 1, bytesPerOperation: 80 },
  ...{ low: 1, high: 1, path: [], owner: [], fingerprint: 'f' },
} as unknown as Growth;
const check = (verdict: GrowthCheck['verdict'], grows: Growth[]) =>
  ({
    ...{ verdict, reason: 'Nothing grows with the operations.', growth: grows, harmless: [], rounds: [], seed: 1 },
    ...{ mode: 'quick', operations: 0, minimumDetectable: {} },
  }) as unknown as GrowthCheck;

function told(finished: GrowthCheck, quiet: boolean): string[] {
  const parts: string[] = [];
  const out = { write: (part: string) => void parts.push(part) };
  const reporter = new CheckReporter(out, {}, { quiet, verbose: false, json: false, stdout: out });
  const exitCode = finished.verdict === 'PASS' ? 0 : 90;
  reporter.end({ finished: { id: '0001', check: finished }, end: { exitCode } } as unknown as CheckedTarget, 'x');
  return parts.join('').trimEnd().split('\n');
}

it('says its sentence once, and the verdict at the end', () => {
  const lines = told(check('PASS', []), false);
  expect(lines.filter((line) => line.includes('Nothing grows'))).toEqual(['PASS: Nothing grows with the operations']);
  expect(lines.at(-1)).toBe('exit code 0: PASS');
  expect(told(check('PASS', []), true)).toEqual(['exit code 0: PASS: Nothing grows with the operations']);
});

it('says once more why it fails: that is read last', () => {
  expect(told(check('LEAK', [growth]), false).at(-1)).toMatch(/^exit code 90: LEAK: Shop\.Session \+1/);
});

it('hands on what the program writes as it came, though a character ends in the next piece', () => {
  const written = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const stream = (name: keyof typeof written) => ({
    write: (part: string | Uint8Array) => void written[name].push(Buffer.from(part)),
  });
  const options = { quiet: true, verbose: false, json: false, stdout: stream('stdout') };
  const reporter = new CheckReporter(stream('stderr'), {}, options);
  const text = Buffer.from('größer\n');
  for (const name of ['stdout', 'stderr'] as const)
    for (const piece of [text.subarray(0, 3), text.subarray(3)]) reporter.onOutput(name, piece);
  expect(Buffer.concat(written.stdout).toString()).toBe('größer\n');
  expect(Buffer.concat(written.stderr).toString()).toBe('größer\n');
});
