import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixture, type ManifestLine, readCaptures, readManifest } from '../support/firstchance.ts';
import { ADAPTER_PROJECTS } from './adapter-projects.ts';
import { InstalledProject } from './installed.ts';

/* What npm packs, installed in an empty project without a network, works. */

const adapters = readdirSync(fileURLToPath(new URL('../../adapters', import.meta.url)));
const throwLoop = ['dotnet', fixture('throw-loop'), '--rounds', '1'];

let project: InstalledProject;
beforeAll(async () => {
  project = await InstalledProject.install();
});
afterAll(async () => await project?.[Symbol.asyncDispose]());

test('npx firstchance run captures, with the engine, and writes its report', async () => {
  const options = ['-e', '1', '-n', '1', '--dump', 'mini', '-x', 'session'];
  const { code, stderr } = await project.run('npx', ['firstchance', 'run', ...options, '--', ...throwLoop]);
  expect(code, stderr).toBe(0);
  const session = path.join(project.path, 'session');
  expect(readCaptures(session)).toMatchObject([{ trigger: { kind: 'first-chance' }, captureMethod: 'clone' }]);
  expect(readFileSync(path.join(session, 'report.html'), 'utf8')).toContain('InvalidOperationException');
  expect(records(session, 'target').at(-1)).toMatchObject({ agent: 'loaded' });
});

test('a configuration file in TypeScript is read, and its editor finds the schema of the other kind', async () => {
  project.write({
    'configured/firstchance.config.ts': `import { defineConfig } from 'firstchance';
export default defineConfig({ dump: 'no such kind' });`,
  });
  const { code, stderr } = await project.run('npx', ['firstchance', 'run', '--', 'true'], 'configured');
  expect(code, stderr).toBe(64);
  expect(stderr).toContain('no such kind');
  await project.run('npx', ['firstchance', 'init']);
  const { $schema } = JSON.parse(readFileSync(path.join(project.path, 'firstchance.config.json'), 'utf8'));
  expect(existsSync(path.join(project.path, $schema))).toBe(true);
  rmSync(path.join(project.path, 'firstchance.config.json'));
});

test.each(adapters)('@firstchance/%s captures a test that times out', async (name) => {
  const adapter = ADAPTER_PROJECTS[name];
  if (adapter === undefined) throw new Error(`adapter-projects.ts has no project for ${name}`);
  for (const [one, place] of Object.entries(adapter.packages)) project.link(one, place);
  project.write(Object.fromEntries(Object.entries(adapter.files).map(([file, text]) => [`${name}/${file}`, text])));
  const { code, stdout, stderr } = await project.run(process.execPath, adapter.start, name);
  const output = `${stdout}\n${stderr}`;
  expect(code, output).toBe(1);
  const folder = path.join(project.path, name, '.firstchance/latest');
  expect(readCaptures(folder), output).toMatchObject([{ trigger: { kind: 'deadline' }, process: { name: 'web' } }]);
});

test('types hold for a consumer, as ES module and as CommonJS', async () => {
  for (const name of ['typescript', '@typescript', '@types', 'undici-types', 'vitest']) {
    if (!existsSync(path.join(project.path, 'node_modules', name))) project.linkFromRoot(name);
  }
  const names = ['firstchance', '@firstchance/diagnostics', ...adapters.map((one) => `@firstchance/${one}`)];
  const imports = names.flatMap((name) => exportsWithTypes(name));
  const all = imports.map(
    (one, index) => `import * as m${index} from '${one}';\nexport type T${index} = typeof m${index};`,
  );
  project.write({
    'types/all.mts': `${all.join('\n')}
import { expectNoGrowth, run } from 'firstchance';
export const captured: Promise<{ exitCode: number; folder: string }> = run({ command: ['true'], options: { dump: 'mini' } });
export const verdict: Promise<string> = expectNoGrowth(1234, 'POST /orders').then((check) => check.verdict);
// @ts-expect-error a number is no command
run({ command: 1 });`,
    'types/common.cts': `import { launch } from '@firstchance/jest';
export const pid: Promise<number> = launch('dotnet', ['app.dll']).then((target) => target.pid);`,
    'types/tsconfig.json': JSON.stringify({
      compilerOptions: {
        ...{ module: 'NodeNext', target: 'ES2022', strict: true, exactOptionalPropertyTypes: true, noEmit: true },
        ...{ lib: ['ES2023', 'ESNext.Disposable'], types: ['node'], skipLibCheck: false },
      },
    }),
  });
  const { code, stdout } = await project.run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'types']);
  // Ours only: that a runner's own declarations are free of errors is not for us to hold.
  const errors = stdout
    .split('\n')
    .filter((line) => /error TS/.test(line) && !/node_modules\/(?!@?firstchance)/.test(line));
  expect(errors, stdout).toEqual([]);
  expect(code === 0 || stdout.includes('error TS'), stdout).toBe(true);
});

test('without the engine the command says so, the report still works, and createdump takes over', async () => {
  const installed = path.join(project.path, 'node_modules/@firstchance');
  const engine = readdirSync(installed).find((name) => name.startsWith('engine-')) ?? '';
  rmSync(path.join(installed, engine), { recursive: true });
  const target = project.start('dotnet', [fixture('web')]);
  await target.until('listening on');
  const dump = ['firstchance', 'dump', '--dump', 'mini', '-x', 'bare', String(target.child.pid)];
  const { code, stderr } = await project.run('npx', dump);
  target.child.kill();
  await target.end();
  expect(stderr).toContain(`the package @firstchance/${engine}`);
  expect(stderr).toContain('--omit=optional');
  expect(code, stderr).toBe(0);
  expect(readCaptures(path.join(project.path, 'bare'))).toMatchObject([{ captureMethod: 'createdump' }]);
  const report = await project.run('npx', ['firstchance', 'report', 'session', '--markdown']);
  expect(report.code, report.stderr).toBe(0);
  expect(report.stdout).toContain('InvalidOperationException');
});

test('the bill of materials names what is inside, and what npm will fetch', () => {
  const { components, dependencies } = billOfMaterials('packages');
  const names = components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['firstchance', 'zod', 'yaml', 'preact']));
  expect(billOfMaterials(`engine-${process.arch}`).components.map(({ name }) => name)).toContain('zstd');
  expect(components.every(({ licenses }) => licenses.length > 0)).toBe(true);
  expect(components.find(({ name }) => name === 'yaml')?.hashes).toHaveLength(1);
  const command = dependencies.find(({ ref }) => ref.startsWith('firstchance@'));
  expect(command?.dependsOn.some((one) => one.startsWith('commander@'))).toBe(true);
});

test('symbols of the engine are kept, by the build ids of what is installed', () => {
  const read = (option: string, file: string) => execFileSync('readelf', [option, file], { encoding: 'utf8' });
  const kept = path.join(project.path, `tarballs/symbols-engine-${process.arch}/.build-id`);
  const bin = path.join(project.path, `tarballs/engine-linux-${process.arch}-gnu/bin`);
  for (const file of readdirSync(bin)) {
    const [, id = ''] = /Build ID: ([0-9a-f]+)/.exec(read('--notes', path.join(bin, file))) ?? [];
    expect(read('--sections', path.join(kept, id.slice(0, 2), `${id.slice(2)}.debug`))).toContain('.debug_line');
    expect(read('--sections', path.join(bin, file))).not.toContain('.debug_line');
  }
});

const records = (session: string, kind: string): ManifestLine[] =>
  readManifest(session).filter((line) => line.record === kind);

interface Bill {
  components: { name: string; hashes?: unknown[]; licenses: unknown[] }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

const billOfMaterials = (name: string): Bill =>
  JSON.parse(readFileSync(path.join(project.path, `tarballs/sbom-${name}.cdx.json`), 'utf8')) as Bill;

/** What a consumer can import of an installed package with types. */
function exportsWithTypes(name: string): string[] {
  const file = path.join(project.path, 'node_modules', name, 'package.json');
  const { exports } = JSON.parse(readFileSync(file, 'utf8')) as { exports: Record<string, unknown> };
  return Object.entries(exports)
    .filter(([, target]) => JSON.stringify(target).includes('.d.ts'))
    .map(([where]) => `${name}${where.slice(1)}`);
}
