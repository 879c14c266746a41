import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { DiagnosticsClient } from '@firstchance/diagnostics';
import { EngineProcess } from '@firstchance/engine';
import { expect, test } from 'vitest';
import { fixture, Running, readCaptures, start, temporaryFolder } from '../support/firstchance.ts';

const run = promisify(execFile);
const MB = 1e6;

async function read(file: string): Promise<unknown> {
  const args = [fixture('dump-reader'), file, '--parts', 'threads,exceptions,modules'];
  return JSON.parse((await run('dotnet', args, { maxBuffer: 2 ** 28 })).stdout) as unknown;
}

const stacks = (threads: readonly { osId: number; stack: readonly { method: string }[] }[]) =>
  threads.map((thread) => [thread.osId, thread.stack.map((frame) => frame.method)]);

/** Threads of the pool spin for a while before they wait: resolves when two looks see the same stacks. */
async function standStill(engine: EngineProcess, pid: number, folder: string): Promise<void> {
  let before = '';
  for (let looks = 0; looks < 100; looks++) {
    const now = JSON.stringify(stacks((await engine.take({ pid, folder, dump: null })).threads));
    if (now === before) return;
    before = now;
  }
  throw new Error('The threads of the server do not stand still.');
}

/*
 * A mini dump of an ASP.NET Core process is small, and a reader that has the runtime, but nothing of the program, sees in it what
 * it sees in createdump's.
 */
test('a mini dump of an ASP.NET Core server is small and names everything without the program', async () => {
  using folder = temporaryFolder();
  const program = path.join(folder.path, 'program');
  cpSync(path.dirname(fixture('web')), program, { recursive: true });
  await using engine = await EngineProcess.start();
  // Without tiering no thread of the runtime compiles or ends between the dumps.
  const env = { ...process.env, DOTNET_TieredCompilation: '0' };
  const server = new Running('dotnet', [path.join(program, 'web.dll')], { env });
  await server.until('listening on');
  const url = /listening on (\S+)/.exec(server.stdout)?.[1] ?? '';
  expect((await fetch(`${url}/throw`)).status).toBe(500);
  expect(await (await fetch(`${url}/catch`)).text()).toBe('the basket is empty');

  const pid = server.child.pid ?? 0;
  await standStill(engine, pid, folder.path);
  const theirs = path.join(folder.path, 'createdump.core');
  await (await DiagnosticsClient.forProcess(pid)).writeDump({ path: theirs, kind: 'mini' });
  const into = path.join(folder.path, 'ours');
  mkdirSync(into);
  const taken = await engine.take({ pid, folder: into, dump: { kind: 'mini', compression: 'zstd' } });
  await fetch(`${url}/stop`);
  await server.end();

  expect(taken.dump?.bytes).toBeLessThanOrEqual(2 * MB);
  expect(taken.dump?.leftOut).toContain('metadata of the installed runtime');
  const packed = path.join(into, 'dump.core.zst');
  const plain = path.join(into, 'dump.core');
  await engine.unpackDump(packed, plain);
  const withProgram = await read(theirs);
  rmSync(program, { recursive: true });
  const facts = await read(plain);
  expect(facts).toEqual(withProgram);
  expect(JSON.stringify(facts)).toContain('Program.<Main>(System.String[])');
  expect(JSON.stringify(facts)).toContain('System.Threading.Monitor.Wait(');

  // Our own reader: stacks as they were read from the process, and modules with the ids of their PDBs.
  const shown = await engine.inspectDump(packed);
  expect(stacks(shown.threads)).toEqual(stacks(taken.threads));
  expect(shown.modules).toEqual(taken.modules);
});

/*
 * What the runtime's debugging library reads to name a stack is part of the dump. Asked for a generic method by its code it looks
 * through all types that are loaded: 5 MB for one frame of the server's.
 */
test('nor is it larger where a request throws', async () => {
  using folder = temporaryFolder();
  const session = path.join(folder.path, 'session');
  const options = ['-mm', '-e', '1', '-n', '1', '-x', session];
  const server = start(['run', ...options, '--', 'dotnet', fixture('web')]);
  await server.until('listening on');
  const url = /listening on (\S+)/.exec(server.stdout)?.[1] ?? '';
  expect((await fetch(`${url}/throw`)).status).toBe(500);
  await fetch(`${url}/stop`);
  await server.end();

  const [capture] = readCaptures(session);
  expect(capture?.dump?.bytes).toBeLessThanOrEqual(2 * MB);
  expect(capture?.exception?.stack[0]).toMatchObject({
    method: expect.stringContaining('Basket.Checkout'),
    line: expect.any(Number),
  });
});
