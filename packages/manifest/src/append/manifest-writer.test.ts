import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadManifest } from '../read/load-manifest.ts';
import { readManifest } from '../read/read-manifest.ts';
import { programArguments, programEnvironment } from '../testing/programs.ts';
import { problem } from '../testing/records.ts';
import { MANIFEST_FILE, ManifestWriter } from './manifest-writer.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manifest-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a writer', () => {
  it('appends one line per record, mode 0600, behind what is there', () => {
    for (const what of ['a', 'b\nc']) {
      using writer = ManifestWriter.open(folder);
      writer.append(problem(what));
    }
    const file = join(folder, MANIFEST_FILE);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('takes away what others may do with a file that is there', () => {
    const file = join(folder, MANIFEST_FILE);
    appendFileSync(file, '');
    chmodSync(file, 0o644);
    using _writer = ManifestWriter.open(folder);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('begins a new line behind a torn one', async () => {
    appendFileSync(join(folder, MANIFEST_FILE), '{"record":"prob');
    using writer = ManifestWriter.open(folder);
    writer.append(problem('a'));
    const manifest = await loadManifest(folder);
    expect(manifest.of('problem').map(({ what }) => what)).toEqual(['a']);
    expect(manifest.damaged).toMatchObject([{ line: 1, torn: false }]);
  });

  it('does not follow a link, and says where it could not write', () => {
    symlinkSync('/dev/null', join(folder, MANIFEST_FILE));
    expect(() => ManifestWriter.open(folder)).toThrow(/symbolic link \(ELOOP\)/);
    expect(() => ManifestWriter.open(join(folder, 'nowhere'))).toThrow(
      expect.objectContaining({ code: 'output-not-writable', cause: expect.objectContaining({ code: 'ENOENT' }) }),
    );
  });

  it('writes any text so that it is read back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), async (texts) => {
        rmSync(join(folder, MANIFEST_FILE), { force: true });
        {
          using writer = ManifestWriter.open(folder);
          for (const text of texts) writer.append(problem(text));
        }
        const read: unknown[] = [];
        for await (const line of readManifest(folder)) read.push(line.kind === 'record' ? line.record : line);
        expect(read).toEqual(texts.map((text) => problem(text)));
      }),
      { numRuns: 50 },
    );
  });
});

describe('kill -9', () => {
  /** Reads a writer's output until it has said that `least` records are in; tells the last number it said until its end. */
  async function killAfter(child: ChildProcess, least: number): Promise<number> {
    let last = 0;
    const exited = once(child, 'exit');
    if (!child.stdout) throw new Error('no output');
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      last = Number(line);
      if (last === least) child.kill('SIGKILL');
    });
    await once(lines, 'close');
    expect((await exited)[1]).toBe('SIGKILL');
    return last;
  }

  it('of several writers at once leaves every line before it whole', async () => {
    const said = new Map<string, number>();
    for (let round = 0; round < 3; round += 1) {
      const names = [`${round}-a`, `${round}-b`, `${round}-c`];
      const writers = names.map((name) =>
        spawn(process.execPath, programArguments('writer.ts', folder, name), {
          stdio: ['ignore', 'pipe', 'inherit'],
          env: programEnvironment,
        }),
      );
      const lasts = await Promise.all(writers.map((child, index) => killAfter(child, 60 + 37 * round + 53 * index)));
      for (const [index, name] of names.entries()) said.set(name, lasts[index] ?? 0);
    }
    const found = new Map<string, string[]>();
    let damaged = 0;
    for await (const line of readManifest(folder)) {
      if (line.kind === 'damaged') damaged += 1;
      else if (line.record.record === 'problem') {
        const { session, what } = line.record as ReturnType<typeof problem>;
        found.set(session, [...(found.get(session) ?? []), what]);
      }
    }
    // At most the one write each was in the middle of.
    expect(damaged).toBeLessThanOrEqual(said.size);
    for (const [name, last] of said) {
      const whats = found.get(name) ?? [];
      expect(whats.slice(0, last)).toEqual(Array.from({ length: last }, (_unused, index) => String(index + 1)));
      expect(whats.length - last).toBeLessThanOrEqual(1);
    }
    const { mode } = statSync(join(folder, MANIFEST_FILE));
    expect(mode & 0o777).toBe(0o600);
  });
});

it('a full disk is told, and the next record stands on a line of its own', async () => {
  // RLIMIT_FSIZE stands in for a full disk: the kernel cuts the write short in the same way, and refuses the next.
  const command = ['-c', 'ulimit -f 1; exec "$0" "$@"', process.execPath, ...programArguments('full-disk.ts', folder)];
  const { stdout, stderr } = await promisify(execFile)('bash', command, { env: programEnvironment });
  expect({ stdout, stderr }).toEqual({ stdout: 'ok ok disk-full output-not-writable output-not-writable', stderr: '' });
  {
    using writer = ManifestWriter.open(folder);
    writer.append(problem('after'));
  }
  const manifest = await loadManifest(folder);
  expect(manifest.of('problem').map(({ what }) => what)).toEqual(['0', '1', 'after']);
  expect(manifest.damaged).toHaveLength(1);
});
