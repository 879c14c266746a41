import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyInit, planInit } from './plan.ts';
import { findRunners } from './runners.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'init-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function project(files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

it('finds each runner by its own files', () => {
  project({
    'package.json': '{"devDependencies":{"jest":"30","@playwright/test":"1"}}',
    'vitest.config.ts': '',
    'test/unit/Shop.Tests.csproj': '<PackageReference Include="xunit.v3" />',
    'src/Shop.csproj': '<Project/>',
    'node_modules/x/y.csproj': 'xunit',
  });
  expect(findRunners(folder).map(({ name, evidence }) => `${name}: ${evidence}`)).toEqual([
    'jest: package.json',
    'vitest: vitest.config.ts',
    'playwright: package.json',
    'dotnet test: test/unit/Shop.Tests.csproj',
  ]);
});

it('adds what is missing once, keeping indentation and line ends', () => {
  project({
    'package.json': '{\n    "name": "x",\n    "devDependencies": { "vitest": "4" }\n}\n',
    '.gitignore': 'node_modules\r\ndist',
  });
  const plan = planInit(folder);
  expect(plan.changes.map((change) => `${change.action} ${change.file}`)).toEqual([
    'create firstchance.config.json',
    'change package.json',
    'change .gitignore',
  ]);
  applyInit(folder, plan);
  const text = readFileSync(join(folder, 'package.json'), 'utf8');
  expect(text).toContain('\n    "scripts": {\n        "test:firstchance": "firstchance run -- npx vitest run"');
  expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('node_modules\r\ndist\r\n.firstchance/\r\n');
  expect(planInit(folder).changes).toEqual([]);
});

it('leaves a broken package.json alone', () => {
  project({ 'package.json': '{ nope', 'jest.config.js': '' });
  expect(planInit(folder).changes.map((change) => change.file)).toEqual(['firstchance.config.json', '.gitignore']);
});

it.each(['jest', 'vitest'])('puts no second session around %s, whose adapter starts one', (name) => {
  const adapter = ['@firstchance', name].join('/');
  project({ [`${name}.config.mjs`]: '', 'package.json': JSON.stringify({ devDependencies: { [adapter]: '1' } }) });
  const plan = planInit(folder);
  expect(plan.adapted).toEqual([name]);
  expect(plan.changes.map(({ file }) => file)).not.toContain('package.json');
});

const ADAPTER = ['@firstchance', 'playwright'].join('/');

it.each([
  [
    'playwright.config.ts',
    "// Ours.\nimport { defineConfig } from '@playwright/test';\n\nexport default defineConfig({\n  retries: 1,\n});\n",
    `// Ours.\nimport { firstchance } from '${ADAPTER}';\nimport { defineConfig } from '@playwright/test';\n\nconst playwrightConfig = defineConfig({\n  retries: 1,\n});\n\nexport default firstchance(playwrightConfig);\n`,
  ],
  [
    'playwright.config.cjs',
    'module.exports = { retries: 1 };',
    `const { firstchance } = require('${ADAPTER}');\nconst playwrightConfig = { retries: 1 };\n\nmodule.exports = firstchance(playwrightConfig);\n`,
  ],
])('gives the configuration of Playwright to its adapter, once: %s', (file, before, after) => {
  project({ [file]: before, 'package.json': '{}' });
  const plan = planInit(folder);
  expect(plan).toMatchObject({ runners: [{ name: 'playwright' }], adapted: ['playwright'] });
  applyInit(folder, plan);
  expect(readFileSync(join(folder, file), 'utf8')).toBe(after);
  expect(planInit(folder).changes).toEqual([]);
});

it.each([
  "import config from './base';\nexport { config as default };\n",
  'export default a;\nexport default b;\n',
  `import { firstchance } from '${ADAPTER}';\nexport default firstchance({});\n`,
])('leaves a configuration of Playwright alone that it does not understand: %j', (text) => {
  project({ 'playwright.config.ts': text });
  expect(planInit(folder).changes.map(({ file }) => file)).not.toContain('playwright.config.ts');
});
