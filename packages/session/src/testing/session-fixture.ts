import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManifestRecord } from '@firstchance/model';
import { DEFAULT_OPTIONS, type SessionOptions } from '../options.ts';
import type { SessionListener, SessionPorts } from '../ports.ts';
import { Session } from '../session.ts';
import { FakeEngine } from './fake-engine.ts';

export type { FakeEngine };

export interface SessionFixture extends AsyncDisposable {
  readonly session: Session;
  readonly engine: FakeEngine;
  readonly folder: string;
  readonly records: ManifestRecord[];
  /** Records of one kind. */
  of<K extends ManifestRecord['record']>(kind: K): Extract<ManifestRecord, { record: K }>[];
}

/** A session with a fake engine in a folder of its own. */
export async function openFixture(
  options: Partial<SessionOptions> = {},
  ports: Partial<SessionPorts> = {},
  listener: SessionListener = {},
): Promise<SessionFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'session-'));
  const records: ManifestRecord[] = [];
  let engine: FakeEngine | undefined;
  const session = await Session.open(
    {
      options: { ...DEFAULT_OPTIONS, firstChance: true, perPlace: 0, perType: 0, ...options },
      ...{ sessionId: 's1', folder, command: ['dotnet', 'test'], versions: { firstchance: '0.1.0' } },
    },
    {
      ...fakePorts((started) => {
        engine = started;
      }),
      ...ports,
    },
    {
      ...listener,
      onRecord: (record) => {
        records.push(record);
        listener.onRecord?.(record);
      },
    },
  );
  return {
    session,
    get engine() {
      if (!engine) throw new Error('this session has no engine');
      return engine;
    },
    ...{ folder, records },
    of: (kind) => records.filter((record) => record.record === kind) as never,
    [Symbol.asyncDispose]: async () => {
      await session.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Ports that touch nothing but the session folder. */
export function fakePorts(onEngine: (engine: FakeEngine) => void): SessionPorts {
  return {
    startEngine: async (events) => {
      const engine = new FakeEngine(events);
      onEngine(engine);
      return engine;
    },
    dumper: { writeDump: async (_pid, path) => writeFileSync(path, 'core') },
    attachAgent: () => Promise.reject(new Error('no diagnostics here')),
    describe: async () => ({ name: 'testhost', commandLine: ['testhost'], runtime: '10.0.12', architecture: 'x64' }),
    testMethods: async () => null,
    namer: { name: async () => [] },
    locator: { locate: async () => ({ file: 'Cart.cs', line: 40 }), locateAwait: async () => null },
    openSink: (path) => ({
      append: (record) => appendFileSync(join(path, 'manifest.jsonl'), `${JSON.stringify(record)}\n`),
      [Symbol.dispose]: () => {},
    }),
  };
}
