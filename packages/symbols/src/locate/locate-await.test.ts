import { beforeAll, describe, expect, test } from 'vitest';
import { buildSample, type RuntimeAwait, runtimeAwaits } from '../../test-fixtures/sample.ts';
import { SourceLocator } from './source-locator.ts';

describe.each(['Release', 'Debug'])('an await, of a %s build', (configuration) => {
  let modulePath: string;
  let truth: RuntimeAwait[];

  beforeAll(async () => {
    modulePath = await buildSample('portable', configuration);
    truth = await runtimeAwaits(modulePath);
  }, 300_000);

  test('has the line that the compiler told the program', async () => {
    const locator = new SourceLocator();
    const found = await Promise.all(
      truth.map(async ({ Token: token, State: state }) => await locator.locateAwait({ modulePath, token, state })),
    );
    expect(found.map((at) => at?.line)).toEqual(truth.map(({ Line }) => Line));
    for (const at of found) expect(at?.file).toMatch(/\/Awaits\.cs$/);
    // The program passed loops, finally, catch, lambdas, generic methods and async iterators.
    expect(new Set(truth.map(({ Method, State }) => `${Method} ${State}`)).size).toBeGreaterThan(13);
  });

  test('that the code does not have is at no line', async () => {
    const locator = new SourceLocator();
    const token = truth[0]?.Token ?? 0;
    for (const state of [-1, -2, 500, Number.NaN]) {
      expect(await locator.locateAwait({ modulePath, token, state })).toBe(null);
    }
    expect(await locator.locateAwait({ modulePath, token: 0x0600_0001, state: 0 })).toBe(null);
    expect(await locator.locateAwait({ modulePath, token: 0x06ff_ffff, state: 0 })).toBe(null);
    expect(await locator.locateAwait({ modulePath: '/no/such.dll', token, state: 0 })).toBe(null);
    const without = await buildSample('none', configuration);
    expect(await locator.locateAwait({ modulePath: without, token, state: 0 })).toBe(null);
  });
});
