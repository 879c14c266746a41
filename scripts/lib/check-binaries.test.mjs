import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { binaryProblems, checkBinaries, shipped } from './check-binaries.mjs';
import { mustRun } from './step.mjs';

const text = (library, version) => `
 0x0000000000000001 (NEEDED)             Shared library: [libc.so.6]
 0x0000000000000001 (NEEDED)             Shared library: [${library}]
Version definition section '.gnu.version_d' contains 1 entry:
  0x001c: Rev: 1  Flags: none  Index: 2  Cnt: 1  Name: GLIBC_9.9
Version needs section '.gnu.version_r' contains 1 entry:
  0x0010:   Name: GLIBC_2.4  Flags: none  Version: 5
  0x0020:   Name: ${version}  Flags: none  Version: 4
`;

test('what glibc 2.35 has is fine', () => {
  assert.deepEqual(binaryProblems(text('libm.so.6', 'GLIBC_2.35')), []);
});

test('newer symbols, features of a newer loader and other libraries are not', () => {
  assert.deepEqual(binaryProblems(text('libm.so.6', 'GLIBC_2.36')), ['needs glibc 2.36, which is newer than 2.35']);
  assert.deepEqual(binaryProblems(text('libm.so.6', 'GLIBC_ABI_DT_RELR')), [
    'needs glibc ABI_DT_RELR, which is newer than 2.35',
  ]);
  assert.deepEqual(binaryProblems(text('libzstd.so.1', 'GLIBC_2.34')), ['needs libzstd.so.1']);
});

test('a program that was linked as usual is refused', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'firstchance-binaries-'));
  try {
    const source = path.join(folder, 'a.cpp');
    await writeFile(source, '#include <iostream>\nint main() { std::cout << 1; }\n');
    const program = path.join(folder, shipped[0]);
    await mustRun('c++', [source, '-o', program]);
    await copyFile(program, path.join(folder, shipped[1]));
    await assert.rejects(checkBinaries(folder), (error) => {
      assert.match(error.message, new RegExp(`${shipped[0]} needs libstdc\\+\\+\\.so\\.6`));
      assert.match(error.message, new RegExp(`${shipped[2]} is missing in`));
      return true;
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
