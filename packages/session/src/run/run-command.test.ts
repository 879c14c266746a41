import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManifestRecord } from '@firstchance/model';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_OPTIONS, type SessionOptions } from '../options.ts';
import type { Session } from '../session.ts';
import type { FakeEngine } from '../testing/fake-engine.ts';
import { fakePorts } from '../testing/session-fixture.ts';
import { type RunListener, runCommand } from './run-command.ts';

let folder: string;
let records: ManifestRecord[];
let engine: FakeEngine | undefined;
let session: Session | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-'));
  records = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(
  command: string[],
  options: Partial<SessionOptions> = {},
  listener: RunListener = {},
  environment: NodeJS.ProcessEnv = process.env,
) {
  return runCommand({
    plan: { options: { ...DEFAULT_OPTIONS, ...options }, sessionId: 's', folder, command, versions: {} },
    ports: fakePorts((started) => {
      engine = started;
    }),
    listener: {
      ...listener,
      onRecord: (record) => void records.push(record),
      onOpen: (opened) => {
        session = opened;
        listener.onOpen?.(opened);
      },
    },
    ...{ environment, workingFolder: folder, stdout: 'inherit', graceMs: 50 },
  });
}

it("returns the command's own code and leaves only the session's files", async () => {
  expect(await run(['/bin/sh', '-c', 'exit 5'])).toMatchObject({ exitCode: 5, reason: 'the command ended with 5' });
  expect(readdirSync(folder).sort()).toEqual(['manifest.jsonl', 'session.json']);
  expect(JSON.parse(readFileSync(join(folder, 'session.json'), 'utf8'))).toMatchObject({
    exitCode: 5,
    privateFolder: null,
  });
  expect(existsSync(session?.privateFolder.path ?? '')).toBe(false);
  expect(engine?.closed).toBe(true);
});

it('tells the exit code of the process it launched', async () => {
  const onOpen = (opened: Session) => {
    const watch = setInterval(() => {
      const [child] = inFolder();
      if (child === undefined) return;
      clearInterval(watch);
      opened.dotnetSeen(Number(child), ['./Shop']);
    }, 5);
  };
  await run(['/bin/sleep', '0.5'], { unhandled: false }, { onOpen });
  expect(records.filter((record) => record.record === 'target').at(-1)).toMatchObject({ name: 'Shop', exitCode: 0 });
});

it("gives the command its environment, the agent, and not the CI's credentials", async () => {
  const script = 'env > env.txt';
  await run(
    ['/bin/sh', '-c', script],
    {},
    {},
    { PATH: process.env.PATH, MINE: 'a b', ACTIONS_RUNTIME_TOKEN: 'secret' },
  );
  const text = readFileSync(join(folder, 'env.txt'), 'utf8');
  expect(text).toContain('MINE=a b\n');
  expect(text).toContain(`FIRSTCHANCE_SESSION=${folder}\n`);
  expect(text).toContain('CORECLR_NOTIFICATION_PROFILERS=/opt/fake/libfirstchance_agent.so={');
  expect(text).not.toContain('secret');
});

it('closes the session when the command does not start', async () => {
  let ended = 0;
  const onCommandEnd = async () => void ended++;
  await expect(run(['./missing'], {}, { onCommandEnd })).rejects.toMatchObject({ code: 'command-not-found' });
  expect(ended).toBe(1);
  expect(records.map((record) => record.record)).toEqual(['session', 'end']);
  expect(engine?.closed).toBe(true);
});

it('passes Ctrl-C on and leaves nothing of the command behind', async () => {
  // The command ends on Ctrl-C; its child ignores it and would stay.
  const script = 'sh -c "trap \'\' INT; echo x > ready; while :; do sleep 0.05; done" & wait';
  const events: string[] = [];
  const running = run(['/bin/sh', '-c', script], {}, { onInterrupt: (event) => events.push(event) });
  await expect.poll(() => existsSync(join(folder, 'ready')), { timeout: 20_000 }).toBe(true);
  expect(inFolder().length).toBeGreaterThan(0);
  process.emit('SIGINT');
  expect((await running).exitCode).not.toBe(0);
  expect(events).toContain('passed-on');
  expect(inFolder()).toEqual([]);
  expect(process.listenerCount('SIGINT')).toBe(0);
});

it('says at a deadline when there is nothing to capture', async () => {
  await run(['/bin/sh', '-c', 'sleep 0.3'], { deadlineMs: 10 });
  expect(records.filter((record) => record.record === 'problem')).toMatchObject([
    { what: 'nothing to capture at the deadline (the command still ran after 0.01 s)' },
  ]);
});

it('captures at a deadline what runs .NET', async () => {
  const onOpen = (opened: Session) => {
    setTimeout(() => opened.dotnetSeen(process.pid, ['./Shop']), 0);
  };
  await run(['/bin/sh', '-c', 'sleep 0.5'], { deadlineMs: 100, unhandled: false }, { onOpen });
  expect(records.find((record) => record.record === 'capture')).toMatchObject({
    trigger: { kind: 'deadline' },
    pid: process.pid,
  });
});

/** Processes that work in the test's folder. */
function inFolder(): string[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && workingFolder(pid) === folder);
}

function workingFolder(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

it('does not start the command when it is interrupted before', async () => {
  let ended = 0;
  const end = await run(
    ['/bin/sh', '-c', 'touch started'],
    {},
    { onOpen: () => void process.emit('SIGTERM', 'SIGTERM'), onCommandEnd: async () => void ended++ },
  );
  expect(ended).toBe(1);
  expect(end).toMatchObject({ exitCode: 143, reason: 'it was interrupted before the command was started' });
  expect(readdirSync(folder)).not.toContain('started');
  expect(existsSync(session?.privateFolder.path ?? '')).toBe(false);
});
