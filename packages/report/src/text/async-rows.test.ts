import type { AsyncNode } from '@firstchance/model';
import { expect, it } from 'vitest';
import { asyncRows, asyncText } from './async-rows.ts';

/** Each awaits the next. */
const chain = (...methods: string[]): AsyncNode => {
  const [method = '', ...rest] = methods;
  return { method, awaits: rest.length === 0 ? [] : [chain(...rest)] };
};
const xunit = (count: number) => Array.from({ length: count }, (_value, index) => `Xunit.v3.Runner.Run${index}()`);
const shown = (roots: readonly AsyncNode[], all = false) =>
  asyncRows(roots, { all }).map(({ depth, method, folded }) => `${' '.repeat(depth)}${method ?? `(${folded})`}`);

it('of a long row of the framework only the number is shown, and what the program waits for', () => {
  const test = chain(
    ...xunit(60),
    'CartTests.Ships()',
    'Shop.Basket.LockAsync()',
    'System.Threading.SemaphoreSlim.W()',
  );
  const lines = ['(60)', ' CartTests.Ships()', '  Shop.Basket.LockAsync()', '   System.Threading.SemaphoreSlim.W()'];
  expect(shown([test])).toEqual(lines);
  expect(shown([test], true)).toHaveLength(63);
});

it('a short row is shown as it is', () => {
  expect(shown([chain(...xunit(3), 'CartTests.Ships()')])).toHaveLength(4);
});

it('chains of the program come first, in their order', () => {
  const [server, first, second] = [chain(...xunit(9)), chain('A.One()'), chain('System.Task.Run()', 'A.Two()')];
  expect(shown([server, first, second])).toEqual(['A.One()', 'System.Task.Run()', ' A.Two()', '(9)']);
});

it('the chain of the test that is asked about comes first', () => {
  const [server, test] = [chain('Shop.Cleaner.ExecuteAsync'), chain(...xunit(9), 'CartTests.Ships', 'Shop.Pay')];
  const rows = asyncRows([server, test], { test: { title: ['CartTests.Ships(amount: 3)'] } });
  expect(rows.map(({ method }) => method)).toEqual([
    undefined,
    'CartTests.Ships',
    'Shop.Pay',
    'Shop.Cleaner.ExecuteAsync',
  ]);
  expect(asyncRows([server, test], { test: { title: ['a name of its own'] } })[0]?.method).toBe(
    'Shop.Cleaner.ExecuteAsync',
  );
});

it('what waits alike is told once, with its number', () => {
  const fetch = { ...chain('Shop.Fetch', 'System.Delay'), file: 'Shop.cs', line: 4 };
  const rows = asyncRows([fetch, chain('Shop.Load'), fetch, { ...fetch, line: 5 }]);
  expect(rows.map(asyncText)).toEqual([
    ...['Shop.Fetch  Shop.cs:4  (2 times)', 'System.Delay', 'Shop.Load', 'Shop.Fetch  Shop.cs:5', 'System.Delay'],
  ]);
  expect(asyncRows([fetch, fetch], { all: true })).toHaveLength(4);
});

it('a method stands at the line of its await', () => {
  const leaf = { method: 'System.Threading.Tasks.Task', awaits: [] };
  const rows = asyncRows([{ method: 'Shop.Pay', file: '/src/Shop/Pay.cs', line: 40, awaits: [leaf] }]);
  expect(rows.map(({ source }) => source)).toEqual(['Pay.cs:40', '']);
});

it('where several are awaited a row ends', () => {
  const [a, b] = [chain('A.One()'), chain(...xunit(5))];
  const all = { method: 'System.Threading.Tasks.Task.WhenAll()', awaits: [a, b] };
  const root = {
    ...chain(...xunit(4)),
    awaits: [
      { method: 'Xunit.X()', awaits: [{ method: 'Xunit.Y()', awaits: [{ method: 'Xunit.Z()', awaits: [all] }] }] },
    ],
  };
  expect(shown([root])).toEqual(['(5)', ' A.One()', ' (5)']);
});
