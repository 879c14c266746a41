import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { expectOrder, of, statesOf, titled } from './records.ts';
import type { Scenario } from './scenario.ts';

const SHOP = `
let shop;
let url;
beforeAll(async () => {
  shop = await launch('dotnet', [process.env.SHOP, '--urls', 'http://127.0.0.1:0'], {
    ready: /listening on: (\\S+)/,
    env: { Logging__LogLevel__Default: 'Information' },
  });
  url = shop.match[1];
}, 60_000);
async function ask(kind, count) {
  const answer = await fetch(url + '/run?kind=' + kind + '&n=' + count, { method: 'POST' });
  expect(await answer.text()).toBe('done');
}`;

/** What programs keep. */
export const GROWTH: Readonly<Record<string, Scenario>> = {
  leak: {
    tests: { leak: shop('leak-static') },
    slow: true,
    expect: ({ outcome, records, project }) => {
      expect(outcome.code).toBe(1);
      const test = of(records, 'test').find((one) => titled(one, 'orders'));
      expect(of(records, 'check')).toMatchObject([{ verdict: 'LEAK', testId: test?.id }]);
      expect(of(records, 'end')).toMatchObject([{ exitCode: 90, verdict: 'LEAK' }]);
      expect(`${outcome.stdout}${outcome.stderr}`).toMatch(/Shop\.Session/);
      expect(project.session).not.toBe('');
    },
  },
  'the ledger of what each test leaves, over its budget': {
    tests: {
      shop: `${SHOP}
test('keeps carts', async () => { await ask('leak-static', 500); });
test('keeps nothing', async () => { await ask('ok', 1); });`,
    },
    setup: { options: { ledger: true, ledgerBudget: '20KB' } },
    slow: true,
    expect: ({ outcome, records }) => {
      expect(outcome.code).toBe(1);
      expect(statesOf(records, 'keeps carts')).toEqual(['started', 'passed']);
      const test = of(records, 'test').find((one) => titled(one, 'keeps carts'));
      const [census] = of(records, 'census').filter(({ testId }) => testId === test?.id);
      expect(census).toMatchObject({ merged: [], candidates: 1, pauseMs: expect.any(Number) });
      const left = census?.left as { type: string; instances: number }[];
      expect(left.find(({ type }) => type === 'Shop.Session')).toMatchObject({ instances: 500 });
      expect(outcome.stderr).toMatch(/left behind by[\s\S]*keeps carts[\s\S]*Session \+500/);
      expect(of(records, 'end')).toMatchObject([{ exitCode: 90, verdict: 'LEAK' }]);
    },
  },
  'growth after the last test, of a program that globalSetup started': {
    tests: {
      steady: `test('greets', async () => { expect((await fetch(process.env.SHOP_URL + '/health')).status).toBe(200); });`,
    },
    setup: {
      options: { growth: [{ operation: 'POST /run?kind=leak-static&n=1', pid: 'SHOP_PID', idle: '500ms' }] },
      globalSetup: true,
    },
    slow: true,
    expect: ({ outcome, records }) => {
      expect(outcome.code).toBe(1);
      expect(statesOf(records, 'greets')).toEqual(['started', 'passed']);
      expect(of(records, 'check')).toMatchObject([{ verdict: 'LEAK' }]);
      expect(outcome.stderr).toMatch(/Shop\.Session[\s\S]*evidence: .*\.json/);
      expectOrder(records, [
        (one) => one.record === 'test' && one.state === 'passed',
        (one) => one.record === 'check',
        (one) => one.record === 'end' && one.exitCode === 90,
      ]);
    },
  },
  'an existing test that is repeated': {
    tests: {
      shop: `${shop('leak-static').replace("growthTest('orders',", "test('orders',").replace(", { idle: '500ms' });", ');')}
test('is left alone', () => {});`,
    },
    setup: { options: { growthTests: [{ test: 'ord*', idle: '500ms', name: 'order often' }] } },
    slow: true,
    expect: ({ outcome, records, project }) => {
      expect(outcome.code).toBe(1);
      expect(statesOf(records, 'orders')).toEqual(['started', 'failed']);
      expect(statesOf(records, 'is left alone')).toEqual(['started', 'passed']);
      const [check] = of(records, 'check');
      expect(check).toMatchObject({ verdict: 'LEAK' });
      // The options beside the title have come to the check.
      const evidence = readFileSync(path.join(project.session, String(check?.path)), 'utf8');
      expect(JSON.parse(evidence)).toMatchObject({ name: 'order often' });
      expect(`${outcome.stdout}${outcome.stderr}`).toMatch(/Shop\.Session/);
    },
  },
  'no leak': {
    tests: { steady: shop('ok') },
    slow: true,
    expect: ({ outcome, records }) => {
      expect(outcome.code).toBe(0);
      expect(of(records, 'check')).toMatchObject([{ verdict: 'PASS' }]);
    },
  },
};

function shop(kind: string): string {
  return `${SHOP}
growthTest('orders', async () => { await ask('${kind}', 1); }, { idle: '500ms' });`;
}
