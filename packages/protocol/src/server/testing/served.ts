import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManifestRecord } from '@firstchance/model';
import { DEFAULT_OPTIONS } from '@firstchance/session';
import { type FakeEngine, fakePorts } from '@firstchance/session/testing';
import { findSocket } from '../../client/find-socket.ts';
import { connectSession, type SessionClient } from '../../client/session-client.ts';
import type { TestInfo } from '../../wire/values.ts';
import { announceSession } from '../announce.ts';
import type { Ready } from '../request.ts';
import { serve } from '../serve.ts';

export const TEST: TestInfo = {
  id: 't1',
  title: ['suite', 'works'],
  file: 'a.test.ts',
  line: 7,
  runner: 'vitest',
  attempt: 1,
};

/** A real server, real sockets, real clients; only the engine is in memory. Over when disposed. */
export class Served implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'protocol-'));
  readonly records: ManifestRecord[] = [];
  readonly gone = new AbortController();
  readonly clients: SessionClient[] = [];
  engine!: FakeEngine;
  ready!: Ready;
  ended!: ReturnType<typeof serve>;

  async start({ firstChance = true } = {}): Promise<this> {
    const ports = fakePorts((engine) => {
      this.engine = engine;
    });
    const plan = {
      options: { ...DEFAULT_OPTIONS, firstChance, perPlace: 0, perType: 0 },
      ...{ sessionId: 's1', folder: this.folder, command: ['serve'], versions: {} },
    };
    const environment = process.env;
    const agent = { clsid: 'A0', path: '/agent.so' };
    const { ready, place, door } = await announceSession({ plan, environment, agent });
    this.ready = ready;
    await new Promise<void>((onOpen, reject) => {
      this.ended = serve({
        plan: { ...plan, privateFolder: place.privateFolder },
        ports: {
          ...ports,
          openSink: () => ({ append: (record) => void this.records.push(record), [Symbol.dispose]: () => {} }),
        },
        ...{ environment, door },
        texts: {
          capture: ({ id }) => `captured ${id}`,
          problem: ({ what }) => what,
          stacks: () => 'stacks',
          check: ({ verdict }) => verdict,
          report: ({ id }) => `report of ${id}`,
          end: ({ reason }) => reason,
        },
        judging: () => ({ growth: { mode: 'quick', seed: 1, idleMs: 10, rounds: 2 }, collect: false }),
        operation: (text) => {
          throw new Error(`no request here: ${text}`);
        },
        onOpen,
        ownerGone: this.gone.signal,
        endReason: 'the test runner is gone',
      });
      this.ended.catch(reject);
    });
    return this;
  }

  async connect(role: 'owner' | 'worker' = 'worker'): Promise<SessionClient> {
    const client = await connectSession({ folder: this.folder, role, runner: 'test' });
    this.clients.push(client);
    return client;
  }

  raw(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(findSocket(this.folder), () => resolve(socket));
      socket.on('error', reject);
    });
  }

  of<K extends ManifestRecord['record']>(kind: K): Extract<ManifestRecord, { record: K }>[] {
    return this.records.filter((one) => one.record === kind) as never;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.gone.abort();
    await this.ended;
    rmSync(this.folder, { recursive: true });
  }
}
