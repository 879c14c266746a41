import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFixture } from '../../test-fixtures/build.ts';
import { type Creation, findCreations } from './find-creations.ts';

let release: string;
let debug: string;
let folder: string;
let expected: Set<string>;

beforeAll(async () => {
  release = join(await buildFixture('creations', 'Optimize=true'), 'creations.dll');
  debug = join(await buildFixture('creations', 'Optimize=false'), 'creations.dll');
  folder = await mkdtemp('/tmp/fcs-');
  const source = await readFile(new URL('../../test-fixtures/creations/Creations.cs', import.meta.url), 'utf8');
  expected = new Set(source.split('\n').flatMap((line, index) => markers(line).map((text) => `${index + 1}: ${text}`)));
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

function markers(line: string): string[] {
  return /\/\/ makes: (.*)$/.exec(line)?.[1]?.split('; ') ?? [];
}

/** All types that the fixture makes, and such as it does not. */
function types(): string[] {
  const made = [...expected].map((text) => text.replace(/^\d+: (.*) in .*$/, '$1'));
  return [...new Set(made), 'Shop.Money', 'Shop.Nothing', 'Shop.Pair<System.Int32, Shop.Session>', 'System.Int32[]'];
}

function text({ type, method, source, delegateOf }: Creation, brace = 0): string {
  const line = (source?.line ?? 0) + (type.includes('+<') ? brace : 0);
  return `${line}: ${type} in ${method}${delegateOf === null ? '' : ` for ${delegateOf}`}`;
}

describe.each([
  ['optimized', () => release, 0],
  ['not optimized', () => debug, 1],
])('code that is %s', (_name, module, brace) => {
  it('creates objects where the source says so, and nowhere else', async () => {
    expect(expected.size).toBeGreaterThan(25);
    const found = await findCreations(module(), types());
    expect([...new Set(found?.creations.map((one) => text(one, brace)))].sort()).toEqual([...expected].sort());
    expect(found?.structures).toEqual(['Shop.Money']);
    for (const { source } of found?.creations ?? []) expect(source?.file).toMatch(/\/Creations\.cs$/);
  });
});

it('is less sure of generic code, which may be used for other types, and of what .NET makes for others too', async () => {
  const { creations = [] } = (await findCreations(release, types())) ?? {};
  const unsure = creations.filter(({ exact }) => !exact).map(({ method }) => method);
  expect(unsure).toEqual(['Shop.Cache<T>.Add', 'Shop.Cache<T>.Both', 'Shop.Catalog.Linked']);
});

it('tells what else the method has to do with', async () => {
  const { creations = [] } = (await findCreations(release, ['Shop.Session', 'Shop.Catalog+Entry'])) ?? {};
  const first = creations.find(({ method }) => method === 'Shop.Store..cctor');
  expect(first?.uses).toContain('Shop.Store');
  expect(first?.uses).not.toContain('Shop.Session');
  const lambda = creations.find(({ method }) => method.includes('DisplayClass'));
  expect(lambda?.within).toBe('Shop.Catalog');
  expect(creations.find(({ method }) => method.endsWith('LoadAsync'))?.within).toBe('Shop.Catalog');
});

it('without symbols has methods and no lines', async () => {
  const bare = join(folder, 'creations.dll');
  await copyFile(join(await buildFixture('creations', 'Optimize=true', 'DebugType=none'), 'creations.dll'), bare);
  const { creations = [] } = (await findCreations(bare, types())) ?? {};
  expect(creations.length).toBeGreaterThan(25);
  expect(creations.every(({ source }) => source === null)).toBe(true);
  const named = new Set(creations.map(({ type, method }) => `${type} in ${method}`));
  const lines = [...expected].map((line) => line.replace(/^\d+: /, '').replace(/ for .*$/, ''));
  expect([...named].sort()).toEqual([...new Set(lines)].sort());
});

it('of another build, or of what is no assembly, is null', async () => {
  expect(await findCreations(release, types(), { mvid: '00000000-0000-0000-0000-000000000000' })).toBeNull();
  expect(await findCreations('/nowhere.dll', types())).toBeNull();
  expect(await findCreations(import.meta.filename, types())).toBeNull();
  expect(await findCreations('/', types())).toBeNull();
  expect(await findCreations(process.execPath, types())).toBeNull();
});
