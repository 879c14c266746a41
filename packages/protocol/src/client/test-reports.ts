import { createHash } from 'node:crypto';
import type { CaptureBrief, EndState, TestInfo } from '../wire/values.ts';
import type { SessionClient } from './session-client.ts';

/**
 * Tells the session about tests, for runners: never rejects, and does nothing once the session is gone. What firstchance cannot
 * do must not make a test fail.
 */
export class TestReports {
  readonly #client: SessionClient;
  /** Tests of which there are captures. */
  readonly #captured = new Set<string>();

  constructor(client: SessionClient) {
    this.#client = client;
    client.on('capture', ({ record }) => {
      if (record.test) this.#captured.add(record.test.id);
    });
  }

  /**
   * A test begins, or one that runs has a new limit. Resolves when that is written: what the session hears later comes after it,
   * and it is heard even if the test now blocks this process. An answer is not waited for: it would cost every test a way to
   * another process and back, which is worth it only where the ledger reads memory before the test.
   * @param limitMs the runner's own, from now; the capture comes before it
   */
  async begin(test: TestInfo, limitMs: number | null): Promise<void> {
    const params = { test: fitted(test), deadlineMs: deadlineBefore(limitMs) };
    if (this.#client.ledger) await quietly(this.#client.request('test/begin', params));
    else if (params.deadlineMs !== null && params.deadlineMs < SOON_MS)
      await quietly(this.#client.tell('test/begin', params));
    else await quietly(this.#client.note('test/begin', params));
  }

  /** The runner gave up on it. Resolves when the captures of its targets are written: then they may be ended. */
  async late(testId: string, reason: string): Promise<void> {
    await quietly(
      this.#client.request('capture', {
        ...{ pid: null, kind: 'deadline', reason: reason.slice(0, MAX_TEXT), testId: fittedId(testId) },
      }),
    );
  }

  /** @returns the captures that belong to the test */
  async end(testId: string, state: EndState): Promise<readonly CaptureBrief[]> {
    const params = { testId: fittedId(testId), state };
    if (this.#isQuiet(params)) {
      await quietly(this.#client.note('test/end', params));
      return [];
    }
    this.#captured.delete(params.testId);
    const answer = await quietly(this.#client.request('test/end', params));
    return answer?.captures ?? [];
  }

  /** Nothing was captured and nothing can be on its way: most tests are like this, and need not wait for an answer. */
  #isQuiet({ testId, state }: { testId: string; state: EndState }): boolean {
    const { ledger, atThrow } = this.#client;
    return !ledger && !atThrow && (state === 'passed' || state === 'skipped') && !this.#captured.has(testId);
  }
}

/** The protocol takes no more of a title's part, and of an id. */
const MAX_TEXT = 10_000;
const MAX_ID = 4_096;
const MAX_DEPTH = 1_000;

function fitted(test: TestInfo): TestInfo {
  const title = test.title.slice(-MAX_DEPTH).map((part) => part.slice(0, MAX_TEXT));
  return { ...test, id: fittedId(test.id), title, file: test.file?.slice(0, MAX_TEXT) ?? null };
}

/** Tests of tables of data have names of any length; two of them must not become one. */
function fittedId(id: string): string {
  return id.length <= MAX_ID ? id : `${id.slice(0, 100)}… ${createHash('sha256').update(id).digest('hex')}`;
}

/** A deadline that comes sooner is told at once: the session looks into the journal some ten milliseconds later. */
const SOON_MS = 200;

const LEAST_MARGIN_MS = 100;
const MOST_MARGIN_MS = 1_000;

/**
 * When to capture so that it comes before the runner's own limit, at which hooks begin to end the program under test: a tenth
 * before it, at least 0.1 s and at most 1 s; of a short limit never less than half. Null: no limit.
 */
export function deadlineBefore(limitMs: number | null): number | null {
  if (limitMs === null || !Number.isFinite(limitMs) || limitMs <= 0 || limitMs > 2_147_483_647) return null;
  const margin = Math.min(MOST_MARGIN_MS, Math.max(LEAST_MARGIN_MS, limitMs / 10));
  return Math.max(limitMs / 2, limitMs - margin);
}

async function quietly<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch {
    return undefined;
  }
}
