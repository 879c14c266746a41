import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSocket } from './find-socket.ts';
import { asArguments } from './start-server.ts';
import { deadlineBefore } from './test-reports.ts';

describe('the deadline before a limit', () => {
  it.each([
    [5_000, 4_500],
    [60_000, 59_000],
    [2_000, 1_800],
    [300, 200],
    [100, 50],
  ])('of %d ms is after %d ms', (limit, expected) => expect(deadlineBefore(limit)).toBe(expected));

  it.each([null, 0, -1, Number.POSITIVE_INFINITY, Number.NaN, 2 ** 31])('of %s is none', (limit) =>
    expect(deadlineBefore(limit)).toBeNull(),
  );

  it('is always before it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 2_147_483_647, noNaN: true }), (limit) => {
        const deadline = deadlineBefore(limit);
        expect(deadline).toBeLessThan(limit);
        expect(deadline).toBeGreaterThan(0);
      }),
    );
  });
});

describe('options of the adapter', () => {
  it('become those of firstchance serve', () => {
    expect(
      asArguments({
        dump: 'mini',
        exceptions: 'first-chance',
        filter: ['*a*', '!b'],
        stacks: true,
        count: 3,
        keep: undefined,
      }),
    ).toEqual(['--dump=mini', '--exceptions=first-chance', '--filter=*a*', '--filter=!b', '--stacks', '--count=3']);
    expect(asArguments({ stacks: false })).toEqual([]);
  });

  it.each(['perTestDeadline', 'dumpp', '__proto__x'])('that are none are told: %s', (name) => {
    expect(() => asArguments({ [name]: 'x' })).toThrow(new RegExp(`"${name}" is no option`));
  });
});

describe('finding the session', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'find-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('says what is missing', () => {
    expect(() => findSocket(undefined)).toThrow(/FIRSTCHANCE_SESSION is not set/);
    expect(() => findSocket(folder)).toThrow(/there is no session in/);
    writeFileSync(join(folder, 'session.json'), '{"schema":1}');
    expect(() => findSocket(folder)).toThrow(/was not understood/);
  });

  it('of a session that shares its folder looks in the private one', () => {
    writeFileSync(join(folder, 'server.sock'), '');
    expect(findSocket(folder)).toBe(join(folder, 'server.sock'));
  });
});
