import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError, engineFolder } from '@firstchance/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineLibrary } from './engine-library.ts';

/* What holds for both ways to the engine is in test/engine/conformance.test.ts; here is what only a library can do wrong. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engine-library-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a library that cannot be used', () => {
  it('is missing', async () => {
    const opened = EngineLibrary.open(join(folder, 'libfirstchance.so'));
    await expect(opened).rejects.toBeInstanceOf(EngineError);
    await expect(opened).rejects.toMatchObject({
      code: 'engine-missing',
      what: `Loading ${join(folder, 'libfirstchance.so')}`,
      cause: expect.any(Error),
    });
  });

  it('is no library', async () => {
    writeFileSync(join(folder, 'lib.so'), 'text');
    await expect(EngineLibrary.open(join(folder, 'lib.so'))).rejects.toMatchObject({ code: 'engine-missing' });
  });

  it('is another library', async () => {
    const other = ['/lib/x86_64-linux-gnu/libc.so.6', '/lib/aarch64-linux-gnu/libc.so.6', '/lib64/libc.so.6'].find(
      existsSync,
    );
    await expect(EngineLibrary.open(other)).rejects.toMatchObject({
      code: 'unsupported',
      why: expect.stringContaining('fc_abi_version'),
    });
  });
});

describe('a library without its engine', () => {
  it('says so at the first call that needs it, and serves the others', async () => {
    const file = join(folder, 'libfirstchance.so');
    copyFileSync(join(engineFolder(), 'libfirstchance.so'), file);
    await using library = await EngineLibrary.open(file);
    expect((await library.inspectProcess(process.pid)).runtime.kind).toBe('none');
    await expect(library.inspectDump('/nowhere')).rejects.toMatchObject({
      what: expect.stringContaining(join(folder, 'firstchance-engine')),
    });
  });
});
