import { existsSync } from 'node:fs';
import { expect } from 'vitest';
import { readCaptures } from '../../support/firstchance.ts';
import { MINI, SERVER, THROWS } from './programs.ts';
import { of } from './records.ts';
import type { Scenario } from './scenario.ts';

/** What programs throw. */
export const THROWN: Readonly<Record<string, Scenario>> = {
  'target crashes': {
    tests: {
      crash: `test('runs', async () => {
  const program = await launch('dotnet', [process.env.CRASH, 'unhandled']);
  expect(await program.exited).toEqual({ exitCode: 0, signal: null });
}, 60_000);`,
    },
    setup: { options: MINI },
    expect: ({ outcome, records, project }) => {
      expect(outcome.code).toBe(1);
      expect(readCaptures(project.session)).toMatchObject([
        {
          trigger: { kind: 'unhandled' },
          exception: { type: 'System.InvalidOperationException', message: 'nobody catches this' },
          test: { title: ['runs'], candidates: 1 },
          dump: { kind: 'mini' },
        },
      ]);
      expect(of(records, 'target').at(-1)).toMatchObject({ name: 'crash', exitCode: 134 });
    },
  },
  'first-chance exception in a passing test': {
    tests: {
      caught: `${SERVER} test('catches', async () => {
  expect(await (await fetch(url + '/catch')).text()).toBe('the basket is empty');
});`,
    },
    setup: { options: THROWS },
    expect: ({ outcome, records, project }) => {
      expect(outcome.code).toBe(0);
      expect(of(records, 'result')).toMatchObject([{ kept: false, testState: 'passed' }]);
      expect(readCaptures(project.session)).toEqual([]);
    },
  },
  'first-chance exception in a failing test': {
    tests: {
      thrown: `${SERVER} test('checks out', async () => { expect((await fetch(url + '/throw')).status).toBe(200); });`,
    },
    setup: { options: THROWS },
    args: ({ kind }) =>
      kind === 'vitest' ? ['--reporter=default', '--reporter=json', '--outputFile.json=results.json'] : [],
    expect: ({ outcome, records, project, runner }) => {
      expect(outcome.code).toBe(1);
      // Of failures Vitest 5 writes no report on a Node older than its range (22.12).
      if (runner.kind === 'vitest' && runner.project !== 'vitest5') {
        const [meta] = project.results('results.json');
        expect(meta?.firstchance).toMatchObject({
          captures: [{ kind: 'first-chance', folder: expect.stringContaining(project.session) }],
        });
        const [capture] = (meta?.firstchance as { captures: { dump: string }[] } | undefined)?.captures ?? [];
        expect(existsSync(capture?.dump ?? '')).toBe(true);
      }
      expect(of(records, 'result')).toMatchObject([{ kept: true, testState: 'failed' }]);
      const [capture] = readCaptures(project.session);
      expect(capture).toMatchObject({
        trigger: { kind: 'first-chance' },
        test: { title: ['checks out'], candidates: 1 },
        exception: { message: 'the basket is empty' },
      });
      expect(capture?.exception?.stack[0]?.method).toContain('Basket.Checkout(');
    },
  },
};
