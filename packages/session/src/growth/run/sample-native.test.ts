import type { NativeReport } from '@firstchance/engine';
import type { Conclusion, GrowthFinding } from '@firstchance/growth';
import { describe, expect, it } from 'vitest';
import type { NativeSampling } from '../ports.ts';
import { concluded } from '../testing/concluded.ts';
import { FakeProgram } from '../testing/fake-program.ts';
import { nativeDose } from './native-dose.ts';
import { sampleNative } from './sample-native.ts';

const malloc: GrowthFinding = {
  ...{ channel: 'mallocBytes', type: null, follows: 'operation' },
  ...{ perOperation: 2_000, bytesPerOperation: 2_000, low: 2_000, high: 2_000 },
};

const conclusion = (more: Partial<Conclusion> = {}) => concluded([malloc], more);

describe('the work under which native memory is sampled', () => {
  it('is what fits into its time, and the less grows the closer is looked', () => {
    expect(nativeDose(conclusion())).toMatchObject({ operations: 4_000, limitMs: 4_000, periodBytes: 16_000 });
    const small = { ...malloc, perOperation: 100, bytesPerOperation: 100 };
    expect(nativeDose(conclusion({ growth: [small] }))).toMatchObject({ operations: 4_000, periodBytes: 800 });
  });

  it('ends when enough has grown', () => {
    const large = { ...malloc, perOperation: 2 ** 20, bytesPerOperation: 2 ** 20 };
    expect(nativeDose(conclusion({ growth: [large] }))).toMatchObject({ operations: 8 });
    const mappings = { ...malloc, channel: 'mappings', perOperation: 1 };
    expect(nativeDose(conclusion({ growth: [mappings] }))).toMatchObject({ operations: 300, periodBytes: 65_536 });
  });

  it('is none where no native memory grows for sure', () => {
    const managed = { ...malloc, channel: 'managedBytes' };
    expect(nativeDose(conclusion({ growth: [managed] }))).toBeUndefined();
    expect(nativeDose(conclusion({ verdict: 'INCONCLUSIVE' }))).toBeUndefined();
  });
});

const REPORT: NativeReport = { samples: 9, survivors: 0, full: false, complete: true, nativeSites: [] };

describe('sampling native memory', () => {
  function fake(answers: Partial<NativeSampling> = {}) {
    const asked: string[] = [];
    const program = new FakeProgram({ nativePerOperation: 2_000 });
    const nativeSampling: NativeSampling = {
      start: async (pid, options) => {
        asked.push(`start ${options.periodBytes}`);
        await answers.start?.(pid, options);
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
    const { clock, operation } = program;
    const engine = { ...program.engine, nativeSampling };
    const context = { engine, clock, operation, subject: 'Shop', pid: 1, collect: true, onSampling: () => {} };
    const run = (signal = new AbortController().signal) =>
      sampleNative({ ...context, note: (text) => void notes.push(text) }, conclusion(), signal);
    return { asked, notes, program, run };
  }
  const refused = (code: string) => Object.assign(new Error(code), { code, what: 'Sampling', why: code, cure: '' });

  it('lasts as long as the work, and says how much that was', async () => {
    const { asked, notes, run } = fake();
    expect(await run()).toMatchObject({ report: REPORT, operations: 4_000 });
    expect(asked).toEqual(['start 16000', 'report']);
    expect(notes).toEqual([]);
  });

  it('counts the operations that were done before one failed', async () => {
    const { program, run } = fake();
    program.onDose = () => (program.operations >= 1_000 ? { done: 0, failed: 3 } : undefined);
    expect(await run()).toMatchObject({ operations: 1_000 });
  });

  it('leaves another sampling alone', async () => {
    const { asked, notes, run } = fake({ start: async () => Promise.reject(refused('unsupported')) });
    expect(await run()).toBeUndefined();
    expect(asked).toEqual(['start 16000']);
    expect(notes).toEqual(['who allocates the native memory that grows is not known: unsupported']);
  });

  it('says one thing when the target dies of it', async () => {
    const gone = () => Promise.reject(refused('target-gone'));
    const { asked, notes, run } = fake({ report: gone, stop: gone });
    expect(await run()).toBeUndefined();
    expect(asked).toEqual(['start 16000', 'report', 'stop']);
    expect(notes).toEqual(['who allocates the native memory that grows is not known: target-gone']);
  });

  it('ends when the check is cancelled, and the verdict stands', async () => {
    const cancel = new AbortController();
    const { asked, notes, program, run } = fake();
    program.onDose = () => {
      cancel.abort(new Error('SIGINT'));
      return undefined;
    };
    expect(await run(cancel.signal)).toBeUndefined();
    expect(asked).toEqual(['start 16000', 'stop']);
    expect(notes).toEqual(['who allocates the native memory that grows is not known: the check was ended meanwhile']);
  });
});
