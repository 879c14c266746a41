import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explanationText, FirstchanceError } from '../errors/firstchance-error.ts';
import { EXIT, exitCode, verdictExitCode } from '../exit-codes.ts';
import { VERDICTS, verdictText } from '../growth/verdict.ts';
import { CAPTURE_KINDS } from '../records/words.ts';
import { captureId, captureNumber } from './capture-id.ts';
import { humanBytes, humanMs } from './human.ts';
import { lastWords } from './last-words.ts';

describe('capture ids', () => {
  it.each([
    ['System.InvalidOperationException', '0001-first-chance-InvalidOperationException'],
    ['Shop.Errors+OutOfStock`1<System.Int32>', '0001-first-chance-Errors-OutOfStock'],
    ['A.B[]', '0001-first-chance-B'],
    ['../../etc/passwd', '0001-first-chance-etc-passwd'],
    ['', '0001-first-chance'],
    [null, '0001-first-chance'],
    ['Ns.例外', '0001-first-chance'],
  ])('%s', (type, expected) => {
    expect(captureId(1, 'first-chance', type)).toBe(expected);
  });

  it('are safe file names, whatever the type is called', () => {
    fc.assert(
      fc.property(
        fc.nat(99_999),
        fc.constantFrom(...CAPTURE_KINDS),
        fc.string({ unit: 'binary', maxLength: 300 }),
        (number, kind, type) => {
          const id = captureId(number, kind, type);
          expect(id).toMatch(/^\d{4,5}-[A-Za-z0-9_-]+$/);
          expect(id.length).toBeLessThan(100);
          expect(captureNumber(id)).toBe(number);
        },
      ),
    );
  });

  it('are told from other names', () => {
    expect(captureNumber('12-first')).toBeUndefined();
    expect(captureNumber('latest')).toBeUndefined();
  });
});

describe('for people', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [999.6, '1.0 kB'],
    [2_590_000, '2.6 MB'],
    [9_960_000, '10 MB'],
    [999_700, '1.0 MB'],
    [2e9, '2.0 GB'],
    [-2_590_000, '-2.6 MB'],
    [Number.NaN, '?'],
  ])('%d bytes are %s', (bytes, expected) => {
    expect(humanBytes(bytes)).toBe(expected);
  });

  it.each([
    [6.13, '6.1 ms'],
    [78, '78 ms'],
    [999.7, '1.0 s'],
    [2500, '2.5 s'],
    [59_960, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [3_599_600, '1 h'],
  ])('%d ms are %s', (ms, expected) => {
    expect(humanMs(ms)).toBe(expected);
  });
});

describe('exit codes', () => {
  it("are the command's own when it is not 0, else the worst of ours", () => {
    expect(exitCode(3, [EXIT.infrastructure])).toBe(3);
    expect(exitCode(0, [92, 91, 90, 93])).toBe(93);
    expect(exitCode(0, [92, 91, 90])).toBe(90);
    expect(exitCode(0, [92, 91])).toBe(91);
    expect(exitCode(0, [0, 92])).toBe(92);
    expect(exitCode(0, [])).toBe(0);
  });

  it('of verdicts', () => {
    expect(VERDICTS.map(verdictExitCode)).toEqual([0, 90, 91, 92, 93]);
    expect(verdictText('GROWS_WHILE_IDLE')).toBe('GROWS WHILE IDLE');
  });
});

it('errors say what, why and the cure, and keep their cause', () => {
  const cause = new Error('EPERM');
  const error = new FirstchanceError(
    { code: 'permission-denied', what: 'Tracing process 7', why: 'it belongs to root', cure: 'Run as root.' },
    { cause },
  );
  expect(error.message).toBe('Tracing process 7: it belongs to root. Run as root.');
  expect(error.cause).toBe(cause);
  expect(error.code).toBe('permission-denied');
  expect(new FirstchanceError({ code: 'x', what: 'A', why: 'b' }).message).toBe('A: b');
  expect(explanationText({ what: 'A', why: 'b.', cure: 'C' })).toBe('A: b. C');
});

describe('the last words of a program', () => {
  it('are what .NET wrote of the exception that ended it, however long its stack', () => {
    const stack = Array.from({ length: 40 }, (_v, n) => `   at Shop.Program.Step${n}() in /src/Program.cs:line ${n}`);
    const text = [
      'Starting',
      'Unhandled exception. System.IO.IOException: Failed to bind to port 5000: address already in use.',
      ' ---> System.Net.Sockets.SocketException (98): Address already in use',
      ...stack,
      '   --- End of inner exception stack trace ---',
      ...stack,
      '',
    ].join('\n');
    expect(lastWords(text, 5)).toEqual([
      'Unhandled exception. System.IO.IOException: Failed to bind to port 5000: address already in use.',
      ' ---> System.Net.Sockets.SocketException (98): Address already in use',
    ]);
  });

  it('are its last lines where .NET says nothing', () => {
    expect(lastWords('one\r\n\ntwo\nthree\n', 2)).toEqual(['two', 'three']);
    expect(lastWords('\n', 2)).toEqual([]);
  });
});
