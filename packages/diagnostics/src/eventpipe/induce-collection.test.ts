import { beforeAll, describe, expect, test } from 'vitest';
import { buildFixture } from '../../test-fixtures/build.ts';
import { Subject } from '../../test-fixtures/subject.ts';
import { induceGarbageCollection } from './induce-collection.ts';

beforeAll(async () => void (await buildFixture('subject')), 180_000);

describe('collections from outside', () => {
  test('finalize and collect what is dead, and leave the program as it was', async () => {
    await using subject = await Subject.start();
    expect(await subject.tell('drop 50')).toBe('finalized 0');
    const outcome = await induceGarbageCollection(subject.pid);
    expect(outcome).toMatchObject({ finalizers: 'drained' });
    expect(outcome.collections).toBeGreaterThanOrEqual(2);
    expect(await subject.tell('drop 0')).toBe('finalized 50');
    expect(await subject.quit()).toBe(0);
  });

  test('of a process that is gone fails', async () => {
    await using subject = await Subject.start();
    const { pid } = subject;
    await subject.quit();
    await expect(induceGarbageCollection(pid)).rejects.toMatchObject({ code: 'process-not-found' });
  });

  test('end when the caller has had enough', async () => {
    await using subject = await Subject.start();
    await subject.freeze();
    const signal = AbortSignal.abort();
    await expect(induceGarbageCollection(subject.pid, { signal })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
