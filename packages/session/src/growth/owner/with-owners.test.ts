import type { AllocationFrame, AllocationSite } from '@firstchance/engine';
import type { Growth } from '@firstchance/model';
import { describe, expect, it } from 'vitest';
import { mergeStacks } from './merge-stacks.ts';
import { withOwners } from './with-owners.ts';

/** "Shop.Open@12 System.Concat": frames of modules by their first word, the newest first, with an offset where it matters. */
function frames(text: string): AllocationFrame[] {
  return text.split(' ').map((one) => {
    const [method = '', offset] = one.split('@');
    const module = method.startsWith('System.') ? 'System.Private.CoreLib.dll' : 'Shop.dll';
    const token = 0x06000000 + [...method].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 0xff_ffff, 0);
    return { method, modulePath: `/app/${module}`, token, ilOffset: offset === undefined ? null : Number(offset) };
  });
}

const site = (type: string, samples: number, stack: string): AllocationSite => {
  return { type, samples, bytes: samples * 102_400, frames: stack === '' ? [] : frames(stack) };
};

const growth = (type: string | null, more: Partial<Growth> = {}): Growth => ({
  ...{ channel: type === null ? 'mallocBytes' : 'instances', type, perOperation: 1, low: 1, high: 1 },
  ...{ fingerprint: 'f00d', ...more },
});

async function owners(entry: Growth, ...sites: AllocationSite[]): Promise<readonly string[] | undefined> {
  const [named] = await withOwners([entry], { sites }, undefined);
  return named?.owner;
}

describe('the owner of what grows', () => {
  it('is the stack whose samples survived most, its own code alone, newest first', async () => {
    const owner = await owners(
      growth('Shop.Session'),
      site('Shop.Session', 9, 'System.New Shop.Open System.Run Shop.Main'),
      site('Shop.Session', 2, 'Shop.Other Shop.Main'),
      site('Shop.Cart', 50, 'Shop.Fill Shop.Main'),
    );
    expect(owner).toEqual(['Shop.Open', 'Shop.Main']);
  });

  it('is nobody where nothing is known, or own code was inlined into code of the platform', async () => {
    expect(await owners(growth('Shop.Session'), site('Shop.Session', 9, 'System.Run System.Start'))).toBeUndefined();
    expect(await owners(growth('Shop.Session'), site('Shop.Session', 5, ''))).toBeUndefined();
    expect(await owners(growth('Shop.Session'))).toBeUndefined();
    expect(await owners(growth(null), site('Shop.Session', 5, 'Shop.Open'))).toBeUndefined();
  });

  it('of a type of the platform may be the platform', async () => {
    const timers = site('System.Threading.Timer', 9, 'System.Run System.Start');
    expect(await owners(growth('System.Threading.Timer'), timers)).toEqual(['System.Run', 'System.Start']);
  });

  it('of a type of the platform needs three samples, and half of all', async () => {
    const strings = growth('System.String');
    expect(await owners(strings, site('System.String', 2, 'Shop.Open'))).toBeUndefined();
    expect(await owners(strings, site('System.String', 3, 'Shop.Open'))).toEqual(['Shop.Open']);
    const others = ['A', 'B', 'C', 'D'].map((name) => site('System.String', 1, `Shop.${name}`));
    expect(await owners(strings, site('System.String', 3, 'Shop.Open'), ...others)).toBeUndefined();
  });

  it('of an own type that many places allocate alike is nobody', async () => {
    const places = ['A', 'B', 'C', 'D'].map((name) => site('Shop.Session', 2, `Shop.${name}`));
    expect(await owners(growth('Shop.Session'), ...places)).toBeUndefined();
  });

  it('is one however the platform comes to it', async () => {
    const owner = await owners(
      growth('Shop.Session'),
      site('Shop.Session', 2, 'Shop.Open@4 Shop.Main@1 System.Run System.Start'),
      site('Shop.Session', 2, 'Shop.Open@4 System.Call Shop.Main@1 System.Await'),
      site('Shop.Session', 3, 'Shop.Main@1 System.Start'),
      site('Shop.Session', 6, 'Shop.Other System.Start'),
    );
    expect(owner).toEqual(['Shop.Open', 'Shop.Main']);
  });

  it('that is known already stays', async () => {
    const owner = ['Shop.Store.Open (Store.cs:4)'];
    expect(await owners(growth('Shop.Session', { owner }), site('Shop.Session', 9, 'Shop.Other'))).toEqual(owner);
  });

  it('has file and line where symbols tell; those that cannot be read are no failure', async () => {
    const locator = {
      locate: async (modulePath: string, _token: number, ilOffset: number) => {
        if (ilOffset === 7) throw new Error('broken symbols');
        return { file: `/src/${modulePath.split('/').at(-1)}.cs`, line: ilOffset };
      },
      locateAwait: async () => null,
    };
    const report = { sites: [site('Shop.Session', 3, 'Shop.Open@12 Shop.Middle@7 Shop.Main')] };
    const [named] = await withOwners([growth('Shop.Session')], report, locator);
    expect(named?.owner).toEqual(['Shop.Open (Shop.dll.cs:12)', 'Shop.Middle', 'Shop.Main (Shop.dll.cs:0)']);
  });
});

it('a closure, which the compiler makes, has the line of the statement behind it', async () => {
  const locator = {
    locate: async (_: string, __: number, at: number) => (at < 6 ? null : { file: 'Shop.cs', line: 3 }),
    locateAwait: async () => null,
  };
  const report = { sites: [site('Shop.Closure', 3, 'Shop.Open@0')] };
  const [named] = await withOwners([growth('Shop.Closure')], report, locator);
  expect(named?.owner).toEqual(['Shop.Open (Shop.cs:3)']);
});

describe('stacks of one type', () => {
  const merged = (...sites: [number, string][]) =>
    mergeStacks(sites.map(([samples, stack]) => site('T', samples, stack))).map(({ samples, frames: stack }) => [
      samples,
      stack.map(({ method }) => method).join(' '),
    ]);

  it('are one whatever their offsets, which tiers of compilation change', () => {
    expect(merged([3, 'Shop.A@0 Shop.Main@5'], [4, 'Shop.A@5 Shop.Main@5'])).toEqual([[7, 'Shop.A Shop.Main']]);
  });

  it('are one where the newest was inlined at the place of its call', () => {
    expect(merged([5, 'Shop.Keep@8 Shop.Main@1'], [2, 'Shop.New@0 Shop.Keep@8 Shop.Main@1'])).toEqual([
      [7, 'Shop.New Shop.Keep Shop.Main'],
    ]);
  });

  it('are one where one in the middle was inlined at the place of its call', () => {
    expect(
      merged([5, 'Shop.New@0 Shop.Main@4'], [2, 'Shop.New@0 Shop.Keep@8 Shop.Main@4'], [1, 'Shop.Main@4']),
    ).toEqual([[8, 'Shop.New Shop.Keep Shop.Main']]);
    expect(merged([5, 'Shop.New@0 Shop.Main@9'], [2, 'Shop.New@0 Shop.Keep@8 Shop.Main@4'])).toHaveLength(2);
  });

  it('are two that begin or end elsewhere', () => {
    expect(merged([1, 'Shop.A@0 Shop.Main@1'], [1, 'Shop.B@0 Shop.Main@1'])).toHaveLength(2);
    expect(merged([1, 'Shop.A@0 Shop.Main@1'], [1, 'Shop.A@0 Shop.Other@1'])).toHaveLength(2);
    expect(merged([1, 'Shop.A@0 Shop.Main@1'], [1, 'Shop.A@0'])).toHaveLength(2);
  });

  it('are two where the caller allocates elsewhere by itself, or nobody knows', () => {
    expect(merged([5, 'Shop.Keep'], [2, 'Shop.New Shop.Keep'])).toHaveLength(2);
    expect(merged([5, 'Shop.Keep@20 Shop.Main@1'], [2, 'Shop.New@0 Shop.Keep@8 Shop.Main@1'])).toEqual([
      [5, 'Shop.Keep Shop.Main'],
      [2, 'Shop.New Shop.Keep Shop.Main'],
    ]);
  });

  it('of nothing are none', () => {
    expect(merged()).toEqual([]);
  });
});
