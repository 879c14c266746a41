import type { SurvivorReport } from '@firstchance/engine';
import type { Conclusion, GrowthFinding } from '@firstchance/growth';
import { describe, expect, it } from 'vitest';
import type { AllocationSampling } from '../ports.ts';
import { concluded } from '../testing/concluded.ts';
import { FakeProgram } from '../testing/fake-program.ts';
import { sampleSurvivors } from './sample-survivors.ts';
import { samplingDose } from './sampling-dose.ts';

const session: GrowthFinding = {
  ...{ channel: 'instances', type: 'Shop.Session', module: 'Shop.dll', follows: 'operation' },
  ...{ perOperation: 1, bytesPerOperation: 300, low: 1, high: 1 },
};

const conclusion = (more: Partial<Conclusion> = {}, operationMs = 1) => concluded([session], more, operationMs);

describe('the work that is sampled', () => {
  it('is what fits into its time, more in thorough mode', () => {
    expect(samplingDose(conclusion())).toMatchObject({ operations: 4_000, each: 500, limitMs: 4_000 });
    expect(samplingDose(conclusion({ mode: 'thorough' }))).toMatchObject({ operations: 8_000 });
    expect(samplingDose(conclusion({}, 10_000))).toMatchObject({ operations: 1, each: 1 });
  });

  it('ends when there are samples enough', () => {
    const large = { ...session, bytesPerOperation: 102_400 };
    expect(samplingDose(conclusion({ growth: [large] }, 0.01))).toMatchObject({ operations: 100 });
  });

  it('adds no more to the program than it may', () => {
    const handles = { ...session, channel: 'handles', type: null, perOperation: 100 };
    expect(samplingDose(conclusion({ growth: [session, handles] }))).toMatchObject({ operations: 600 });
    const native = {
      ...session,
      channel: 'mallocBytes',
      type: null,
      perOperation: 2 ** 20,
      bytesPerOperation: 2 ** 20,
    };
    expect(samplingDose(conclusion({ growth: [session, native] }))).toMatchObject({ operations: 100 });
  });

  it('is a wait where time alone lets it grow', () => {
    const ticking = { ...session, follows: 'time' } as const;
    expect(samplingDose(conclusion({ verdict: 'GROWS_WHILE_IDLE', growth: [ticking] }))).toMatchObject({
      operations: 0,
    });
  });

  it('is none where nothing managed grows for sure', () => {
    expect(samplingDose(conclusion({ verdict: 'PASS', growth: [] }))).toBeUndefined();
    expect(samplingDose(conclusion({ verdict: 'INCONCLUSIVE' }))).toBeUndefined();
    expect(samplingDose(conclusion({ growth: [{ ...session, channel: 'threads', type: null }] }))).toBeUndefined();
  });
});

const REPORT: SurvivorReport = { samples: 9, survivors: 0, full: false, complete: true, sites: [] };

describe('sampling', () => {
  /** An agent that answers as told, and what it was asked. */
  function fake(answers: Partial<AllocationSampling> = {}) {
    const asked: string[] = [];
    const program = new FakeProgram({ perOperation: 1 });
    const sampling: AllocationSampling = {
      start: async (...args) => {
        asked.push('start');
        await answers.start?.(...args);
      },
      report: async (...args) => {
        asked.push('report');
        return (await answers.report?.(...args)) ?? REPORT;
      },
      stop: async (...args) => {
        asked.push('stop');
        await answers.stop?.(...args);
      },
    };
    const notes: string[] = [];
    const run = (signal = new AbortController().signal, withSampling: AllocationSampling | undefined = sampling) => {
      const engine = { ...program.engine, ...(withSampling ? { sampling: withSampling } : {}) };
      const { clock, operation } = program;
      const context = { engine, clock, operation, subject: 'Shop', pid: 1, collect: true, onSampling: () => {} };
      return sampleSurvivors({ ...context, note: (text) => void notes.push(text) }, conclusion(), signal);
    };
    return { asked, notes, program, run };
  }
  const refused = (code: string) => Object.assign(new Error(code), { code, what: 'Sampling', why: code, cure: '' });

  it('lasts as long as the work, and reports', async () => {
    const { asked, notes, program, run } = fake();
    expect(await run()).toBe(REPORT);
    expect(asked).toEqual(['start', 'report']);
    expect(program.operations).toBe(4_000);
    expect(notes).toEqual([]);
  });

  it('leaves another sampling alone', async () => {
    const { asked, notes, program, run } = fake({ start: async () => Promise.reject(refused('unsupported')) });
    expect(await run()).toBeUndefined();
    expect(asked).toEqual(['start']);
    expect(program.operations).toBe(0);
    expect(notes).toEqual(['who allocates what grows is not known: unsupported']);
  });

  it('is ended when the agent does not answer in time', async () => {
    const { asked, notes, run } = fake({ report: async () => Promise.reject(refused('deadline-exceeded')) });
    expect(await run()).toBeUndefined();
    expect(asked).toEqual(['start', 'report', 'stop']);
    expect(notes).toHaveLength(1);
  });

  it('says no more than one thing when the target is gone', async () => {
    const gone = () => Promise.reject(refused('target-gone'));
    const { notes, run } = fake({ report: gone, stop: gone });
    expect(await run()).toBeUndefined();
    expect(notes).toEqual(['who allocates what grows is not known: target-gone']);
  });

  it('reports what there is when operations fail', async () => {
    const { asked, program, run } = fake();
    program.onDose = () => (program.operations >= 1_000 ? { done: 0, failed: 3 } : undefined);
    expect(await run()).toBe(REPORT);
    expect(asked).toEqual(['start', 'report']);
  });

  it('ends when the check is cancelled, and the verdict stands', async () => {
    const cancel = new AbortController();
    const { asked, notes, program, run } = fake();
    program.onDose = () => {
      if (program.operations >= 1_000) cancel.abort(new Error('SIGINT'));
      return undefined;
    };
    expect(await run(cancel.signal)).toBeUndefined();
    expect(asked).toEqual(['start', 'stop']);
    expect(notes).toEqual(['who allocates what grows is not known: the check was ended meanwhile']);
  });
});
