import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { copyDeclarations, packageName } from './declarations.mjs';
import { entriesOf } from './entries.mjs';
import { checkPackage } from './finish.mjs';
import { publishedManifest } from './manifest.mjs';

let folder;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'firstchance-pack-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function write(files) {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
}

test('declarations: those that are reached, with imports of our packages made relative', async () => {
  await write({
    'app/dist/deep/index.d.ts': `import { A } from '@firstchance/model';\nexport * from './own.ts';\n//# sourceMappingURL=x`,
    'app/dist/deep/own.d.ts': `export type Z = import('zod').ZodType;\nimport 'node:fs';\n`,
    'app/dist/unused.d.ts': '',
    'model/package.json': '{ "exports": { ".": { "types": "./dist/index.d.ts" } } }',
    'model/dist/index.d.ts': 'export type A = 1;\n',
  });
  const ours = new Map([
    ['firstchance', path.join(folder, 'app')],
    ['@firstchance/model', path.join(folder, 'model')],
  ]);
  const to = path.join(folder, 'types');
  const copied = await copyDeclarations([path.join(folder, 'app/dist/deep/index.d.ts')], to, ours);
  assert.deepEqual([...copied.others], ['zod']);
  const text = await readFile(path.join(to, 'app/deep/index.d.ts'), 'utf8');
  assert.equal(text, `import { A } from '../../model/index.js';\nexport * from './own.js';\n`);
  await assert.rejects(readFile(path.join(to, 'app/unused.d.ts')));
});

test('entries: exports and what a command imports; of an adapter every module', async () => {
  await write({
    'cli/bin/x.js': `import { runMain } from '../dist/bin.js';`,
    'adapter/src/main/setup.ts': '',
    'adapter/src/main/setup.test.ts': '',
  });
  const exports = { '.': { default: './dist/index.js' }, './package.json': './package.json' };
  assert.deepEqual(await entriesOf(path.join(folder, 'cli'), { exports, bin: { x: './bin/x.js' } }), ['index', 'bin']);
  const adapter = { exports, peerDependencies: { jest: '30' } };
  assert.deepEqual(await entriesOf(path.join(folder, 'adapter'), adapter), ['index', 'main/setup']);
});

test('package.json: no internal dependency, types first, each module system with its own, engines exactly', () => {
  const manifest = {
    ...{ name: 'firstchance', version: '1.2.3', private: true, dependencies: { '@firstchance/model': '1.2.3' } },
    exports: { '.': { source: './src/index.ts', require: './index.cjs', default: './dist/index.js' } },
  };
  const published = publishedManifest(manifest, {
    ...{ dependencies: { zod: '4.0.0' }, files: ['dist'] },
    types: () => ({ esm: './esm.d.ts', cjs: './cjs.d.ts' }),
  });
  assert.equal('private' in published, false);
  assert.deepEqual(published.dependencies, { zod: '4.0.0' });
  assert.equal(published.optionalDependencies['@firstchance/engine-linux-x64-gnu'], '1.2.3');
  assert.deepEqual(published.exports['.'], {
    import: { types: './esm.d.ts', default: './dist/index.js' },
    require: { types: './cjs.d.ts', default: './index.cjs' },
  });
});

test('the package of an import', () => {
  assert.deepEqual(['zod/v4', '@firstchance/protocol/server', 'jiti'].map(packageName), [
    'zod',
    '@firstchance/protocol',
    'jiti',
  ]);
});

test('nothing in a package becomes part of a .NET project that has node_modules in its folder', async () => {
  await write({
    'sources/package.json': JSON.stringify({ name: 'sources', version: '1.0.0', files: ['inside'] }),
    ...{ 'sources/inside/Program.cs': '', 'sources/inside/app.csproj': '', 'sources/inside/Kept.cs.txt': '' },
  });
  const problems = await checkPackage(path.join(folder, 'sources'));
  assert.match(problems.sort().join('\n'), /^sources: inside\/Program\.cs .*\nsources: inside\/app\.csproj [^\n]*$/);
});
