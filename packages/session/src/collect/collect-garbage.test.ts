import { describe, expect, it } from 'vitest';
import { collectGarbage } from './collect-garbage.ts';

const failing = (code: string) => ({
  collect: () => Promise.reject(Object.assign(new Error(code), { code })),
});

describe('collecting garbage', () => {
  it("is the agent's work where there is one", async () => {
    const engine = { collect: async () => ({ collections: 2, durationMs: 3, finalizers: 'drained' as const }) };
    expect(await collectGarbage(7, { engine })).toEqual({
      ...{ how: 'agent', collections: 2, durationMs: 3, finalizers: 'drained' },
    });
  });

  it.each(['target-gone', 'deadline-exceeded', 'cancelled'])(
    'does not hide that the agent failed with %s',
    async (code) => {
      await expect(collectGarbage(7, { engine: failing(code) })).rejects.toMatchObject({ code });
    },
  );

  it('asks the runtime itself where no agent is', async () => {
    // Nobody has this pid: the runtime's socket is what is looked for, and missed.
    const asked = collectGarbage(2 ** 22 + 1, { engine: failing('unsupported') });
    await expect(asked).rejects.toMatchObject({ code: 'process-not-found' });
  });
});
