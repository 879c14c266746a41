import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { importProblems } from './import-rules.mjs';

const matrix = {
  packages: { low: [], high: ['low'], 'high/server': ['low', 'high'] },
  adapters: { runner: ['high'] },
  pure: ['low'],
  native: { base: [], agent: [], host: ['base', 'agent/protocol.h'] },
};
const sound = {
  'packages/low/package.json': '{"name":"@firstchance/low"}',
  'packages/low/src/index.ts': 'export const low = 1;\n',
  'packages/high/package.json': '{"dependencies":{"@firstchance/low":"1"}}',
  'packages/high/src/index.ts': "import { low } from '@firstchance/low';\nimport 'node:fs';\n",
  'packages/high/src/server/index.ts': "import '../index.ts';\n",
  'adapters/runner/package.json': '{"dependencies":{"@firstchance/high":"1"}}',
  'adapters/runner/src/index.ts': "import '@firstchance/high';\n",
  'packages/engine/package.json': '{}',
  'packages/engine/native/src/base/a.h': '#include <vector>\n#include "firstchance.h"\n',
  'packages/engine/native/src/agent/a.cpp': '#include "agent/protocol.h"\n',
  'packages/engine/native/src/host/a.cpp': '#include "base/a.h"\n#include "agent/protocol.h"\n',
};

/** What is wrong in a repository of these files. */
async function problemsIn(files) {
  const root = await mkdtemp(path.join(tmpdir(), 'firstchance-imports-'));
  try {
    for (const [name, text] of Object.entries({ ...sound, ...files })) {
      await mkdir(path.dirname(path.join(root, name)), { recursive: true });
      await writeFile(path.join(root, name), text);
    }
    return await importProblems(root, { ...matrix, packages: { ...matrix.packages, engine: [] } });
  } finally {
    await rm(root, { recursive: true });
  }
}

test('imports that go down are fine', async () => {
  assert.deepEqual(await problemsIn({}), []);
});

for (const [what, files, problem] of [
  [
    'an import that goes up',
    { 'packages/low/src/a.ts': "\nimport type { A } from '@firstchance/high';\n" },
    "packages/low/src/a.ts:2: 'low' may not import 'high'",
  ],
  [
    'an import in the middle of code',
    { 'packages/low/src/a.ts': "const a = await import('@firstchance/high/deep');\n" },
    "packages/low/src/a.ts:1: 'low' may not import 'high'",
  ],
  [
    'a path into another package',
    { 'packages/high/src/deep/a.ts': "export * from '../../../low/src/index.ts';\n" },
    "packages/high/src/deep/a.ts:1: '../../../low/src/index.ts' leads out of the package; import it by its name",
  ],
  [
    'a part of a package from the rest of it',
    { 'packages/high/src/a.ts': "import './server/index.ts';\n" },
    "packages/high/src/a.ts:1: 'high' may not import 'high/server'",
  ],
  [
    'a part of a package that only its rest is allowed of',
    { 'adapters/runner/src/a.ts': "import '@firstchance/high/server';\n" },
    "adapters/runner/src/a.ts:1: 'runner' may not import 'high/server'",
  ],
  ['an adapter that nobody entered', { 'adapters/new/package.json': '{}' }, 'adapters/new: is not in the matrix'],
  [
    'I/O in a package that has none',
    { 'packages/low/src/a.ts': "import fs from 'node:fs';\n" },
    "packages/low/src/a.ts:1: 'low' does no I/O and may not import 'node:fs'",
  ],
  [
    'a dependency that goes up',
    { 'packages/low/package.json': '{"optionalDependencies":{"@firstchance/high":"1"}}' },
    "packages/low/package.json:1: 'low' may not depend on '@firstchance/high'",
  ],
  ['a package nobody placed', { 'packages/new/package.json': '{}' }, 'packages/new: is not in the matrix'],
  [
    'a header of a layer above',
    { 'packages/engine/native/src/base/b.h': '#pragma once\n#include "host/a.h"\n' },
    "packages/engine/native/src/base/b.h:2: 'base' may not include 'host/a.h'",
  ],
  [
    'a header of the agent that is not shared',
    { 'packages/engine/native/src/host/b.cpp': '#include "agent/profiler.h"\n' },
    "packages/engine/native/src/host/b.cpp:1: 'host' may not include 'agent/profiler.h'",
  ],
  [
    'a layer nobody placed',
    { 'packages/engine/native/src/new/a.h': '' },
    'packages/engine/native/src/new: is not in the matrix',
  ],
]) {
  test(`${what} is told with its place`, async () => {
    assert.deepEqual(await problemsIn(files), [problem]);
  });
}
