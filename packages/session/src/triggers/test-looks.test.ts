import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TestMethods } from '../tests/frames/test-methods.ts';
import { TestLooks, type TestLooksContext } from './test-looks.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const MODULES = [{ name: 'System.Runtime.dll' }, { name: 'nunit.framework.dll' }];
/** A process in which a test stands at an instruction. */
function running(method: string, ilOffset: number, modules = MODULES) {
  const frames = [
    [`${method}()`, ilOffset],
    ['System.Reflection.RuntimeMethodInfo.Invoke(System.Object)', 1],
    ['NUnit.Framework.Internal.MethodWrapper.Invoke(System.Object)', 2],
    ['NUnit.Framework.Internal.Commands.TestMethodCommand.RunTestMethod(TestExecutionContext)', 3],
  ];
  const stack = frames.map(([name, offset]) => ({ method: name, ilOffset: offset }));
  return { threads: [{ osId: 1, stack }], awaiting: [], modules } as never;
}

function looks(more: Partial<TestLooksContext>) {
  const late = vi.fn();
  const standing = vi.fn();
  const methods = new TestMethods(async () => null);
  const context = {
    deadlineMs: 400,
    methods,
    tells: () => false,
    onLate: late,
    onStanding: standing,
    now: () => Date.now(),
  };
  return { late, standing, looks: new TestLooks({ ...context, look: async () => undefined, ...more }) };
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

it('a test that each look sees for the whole deadline is late, once; when nothing moves for twice as long it stands', async () => {
  const { late, standing, looks: looking } = looks({ look: async () => running('Suite.A.Hangs', 5) });
  looking.add(7);
  await pass(450);
  expect(late).not.toHaveBeenCalled();
  await pass(100);
  expect(late.mock.calls).toEqual([[7, 'Suite.A.Hangs']]);
  expect(standing).not.toHaveBeenCalled();
  await pass(800);
  expect(late).toHaveBeenCalledOnce();
  expect(standing).toHaveBeenCalledExactlyOnceWith(7, expect.objectContaining({ method: 'Suite.A.Hangs' }), 800);
});

it('a test that moves is late but does not stand', async () => {
  let at = 0;
  const next = () => {
    at += 1;
    return at;
  };
  const { late, standing, looks: looking } = looks({ look: async () => running('Suite.A.Works', next()) });
  looking.add(7);
  await pass(3000);
  expect(late).toHaveBeenCalledOnce();
  expect(standing).not.toHaveBeenCalled();
});

it('tests that come and go are not late, nor are those of a process that tells of its tests', async () => {
  let at = 0;
  const next = () => {
    at += 1;
    return at;
  };
  const { late, looks: looking } = looks({ look: async () => running(`Suite.A.T${Math.floor(next() / 3)}`, 1) });
  looking.add(7);
  await pass(3000);
  const look = vi.fn(async () => running('Suite.A.Hangs', 5));
  const telling = looks({ look, tells: () => true });
  telling.looks.add(8);
  await pass(3000);
  expect(look).not.toHaveBeenCalled();
  expect(late).not.toHaveBeenCalled();
});

it('a framework that is loaded late is found; without one the looks were in vain, and become fewer', async () => {
  let modules = [{ name: 'testhost.dll' }];
  const look = vi.fn(async () => running('Suite.A.Hangs', 5, modules));
  const { late, looks: looking } = looks({ look });
  looking.add(7);
  await pass(800);
  expect([look.mock.calls.length, looking.inVain]).toEqual([8, true]);
  await pass(800);
  expect(look).toHaveBeenCalledTimes(10);
  modules = MODULES;
  await pass(2400);
  expect([late.mock.calls.length, looking.inVain]).toEqual([1, false]);
  looking.remove(7);
});

it('a look that fails is tried again; after the end of the process none is', async () => {
  const look = vi.fn(async () => undefined);
  const { looks: looking } = looks({ look });
  looking.add(7);
  await pass(250);
  expect(look).toHaveBeenCalledTimes(2);
  looking.remove(7);
  await pass(1000);
  expect(look).toHaveBeenCalledTimes(2);
});
