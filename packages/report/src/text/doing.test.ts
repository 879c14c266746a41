import type { AsyncNode, StackFrame } from '@firstchance/model';
import { expect, it } from 'vitest';
import { type Doing, doingText, placeText, standsAt } from './doing.ts';

const frame = (method: string, line: number | null = null): StackFrame => ({
  ...{ method, module: method.startsWith('System') ? 'System.Private.CoreLib.dll' : 'Shop.dll' },
  ...{ file: line === null ? null : '/src/Shop/Cart.cs', line, ilOffset: null, nativeOffset: 0 },
});
const thread = (osId: number, ...stack: StackFrame[]): Doing['threads'][number] => ({
  ...{ osId, managedId: osId, name: null, state: '', isFinalizer: false, stack, exception: null },
});
const node = (method: string, line?: number, ...awaits: AsyncNode[]): AsyncNode => ({
  ...{ method, awaits },
  ...(line === undefined ? {} : { file: '/src/Shop/Pay.cs', line }),
});
const test = (name: string): Doing['test'] => ({
  ...{ id: 't', title: ['CartTests', name], file: null, line: null, runner: 'xunit', attempt: 1, candidates: 1 },
});
const doing = (more: Partial<Doing>): Doing => ({ awaiting: [], threads: [], test: null, ...more });
const place = (what: Doing) => {
  const at = standsAt(what);
  return at && placeText(at);
};

const cleaner = node('Shop.Cleaner.ExecuteAsync', 7, node('System.Threading.Tasks.Task.Delay'));
const ships = node('Xunit.Run', undefined, node('CartTests.Ships', 3, node('Shop.Pay', 40, node('System.Task'))));

it('the test stands where the last method of the program in its chain awaits', () => {
  expect(place(doing({ awaiting: [cleaner, ships], test: test('CartTests.Ships(amount: 3)') }))).toBe(
    'Shop.Pay (Pay.cs:40)',
  );
  const both = node('CartTests.Both', 1, node('System.Delay'), node('Shop.Load', 9));
  expect(place(doing({ awaiting: [both], test: test('CartTests.Both') }))).toBe('Shop.Load (Pay.cs:9)');
});

it('the test stands on its thread in the newest code of the program', () => {
  const worker = thread(1, frame('System.Threading.Thread.Sleep()'), frame('Shop.Worker.Loop()', 5));
  const blocked = thread(
    ...([
      2,
      frame('System.Monitor.Wait()'),
      frame('Shop.Cart.Add(System.Int32)', 40),
      frame('CartTests.Adds()', 9),
    ] as const),
  );
  const machine = thread(3, frame('Shop.Cart.Take()', 8), frame('CartTests+<Takes>d__3.MoveNext()'));
  const threads = [worker, blocked, machine];
  expect(place(doing({ threads, awaiting: [cleaner], test: test('CartTests.Adds') }))).toBe(
    'Shop.Cart.Add(System.Int32) (Cart.cs:40)',
  );
  expect(place(doing({ threads, test: test('CartTests.Takes') }))).toBe('Shop.Cart.Take() (Cart.cs:8)');
});

it('without a test, or where nothing names it, what is of the program; a place without symbols is a method', () => {
  expect(place(doing({ awaiting: [cleaner], threads: [thread(1, frame('Shop.Main()', 1))] }))).toBe(
    'Shop.Cleaner.ExecuteAsync (Pay.cs:7)',
  );
  expect(place(doing({ threads: [thread(1, frame('Shop.Main()'))], test: test('a name of its own') }))).toBe(
    'Shop.Main()',
  );
  expect(place(doing({ threads: [thread(1, frame('System.Thread.Sleep()'))], awaiting: [node('System.Task')] }))).toBe(
    undefined,
  );
});

it('tells who waits and what own threads do', () => {
  const threads = [thread(1, frame('Shop.Main()', 4)), thread(2, frame('System.Wait()'))];
  expect(doingText(doing({ awaiting: [cleaner, node('System.Task')], threads }))).toEqual([
    ['waiting async methods', 'Shop.Cleaner.ExecuteAsync  Pay.cs:7', '  System.Threading.Tasks.Task.Delay'],
    ['thread 1 ', '▸ at Shop.Main()  Cart.cs:4'],
  ]);
});
