import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { endRecord, fixture, readCaptures, readManifest } from '../support/firstchance.ts';
import { HeapTarget } from '../support/heap-target.ts';
import { Sandbox } from '../support/sandbox.ts';

const program = ['dotnet', fixture('throw-loop'), '--rounds', '6', '--delay', '200'];

/** A file system of a few megabytes. */
class SmallDisk extends Sandbox {
  readonly folder = path.join(this.path, 'disk');
  override readonly session = path.join(this.folder, 'session');

  constructor(bytes: number) {
    super();
    mkdirSync(this.folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'none', this.folder]);
  }

  override [Symbol.dispose](): void {
    execFileSync('umount', [this.folder]);
    super[Symbol.dispose]();
  }
}

/** Only root may mount, and not in every container. */
function mayMount(): boolean {
  try {
    new SmallDisk(2 ** 20)[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}

test.runIf(mayMount())(
  'in the middle of a run: what is whole stays, what is not goes, the program goes on',
  async () => {
    using disk = new SmallDisk(3 * 2 ** 20);
    const outcome = await disk.run(['-mh', '-e', '1', '-n', '6'], program);
    expect(outcome).toMatchObject({ code: 0, stdout: 'threw and caught 6 exceptions\n' });
    expect(outcome.stderr).toMatch(/problem: capture 0002\S* failed .*No space left on device.*\n.*disk space/i);

    const captures = readCaptures(disk.session);
    expect(captures).toHaveLength(1);
    expect(readdirSync(path.join(disk.session, 'captures'))).toEqual(captures.map((one) => one.id));
    expect(statSync(path.join(disk.session, captures[0]?.dump?.path ?? '')).size).toBe(captures[0]?.dump?.bytes);
    const problems = readManifest(disk.session).filter((line) => line.record === 'problem');
    expect(problems.map((line) => line.why).join()).toContain('No space left');
    expect(endRecord(disk.session)).toMatchObject({ exitCode: 0, captures: 1, problems: problems.length });
    expect(disk.leftovers()).toEqual([]);
  },
);

test.runIf(mayMount())('in the middle of a dump: the part is removed, the target goes on', async () => {
  using disk = new SmallDisk(2 * 2 ** 20);
  await using target = await HeapTarget.start({ env: disk.env });
  const outcome = await disk.firstchance(['dump', String(target.pid), '-mh', '-x', disk.session]);
  expect(outcome.code).toBe(93);
  expect(outcome.stderr).toMatch(/capture 0001-manual failed .*No space left on device/);
  expect(readdirSync(path.join(disk.session, 'captures'))).toEqual([]);
  expect(endRecord(disk.session)).toMatchObject({ exitCode: 93, captures: 0, problems: 1 });
  await target.expectUnharmed();
});

test.runIf(mayMount())('nearly from the start: the program runs all the same', async () => {
  using disk = new SmallDisk(2 ** 20);
  // Room for the first lines of the manifest, not for the agents' control file.
  writeFileSync(path.join(disk.folder, 'fill'), Buffer.alloc(2 ** 20 - 5 * 4096));
  const outcome = await disk.run(['-mm', '-e', '1'], program);
  expect(outcome).toMatchObject({ code: 0, stdout: 'threw and caught 6 exceptions\n' });
  expect(outcome.stderr).toMatch(/problem: .*No space left on device/);
});

test.runIf(mayMount())('from the start: it is said before anything runs', async () => {
  using disk = new SmallDisk(2 ** 20);
  writeFileSync(path.join(disk.folder, 'fill'), Buffer.alloc(2 ** 20));
  const outcome = await disk.run(['-mm', '-e', '1'], program);
  expect(outcome).toMatchObject({ code: 93, stdout: '' });
  expect(outcome.stderr).toMatch(/session folder .*the disk is full \(ENOSPC\)/);
});
