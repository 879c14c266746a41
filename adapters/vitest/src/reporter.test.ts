import type { RunnerSession } from '@firstchance/protocol';
import { describe, expect, it } from 'vitest';
import { FirstchanceReporter, type ReporterOptions } from './reporter.ts';

/** Sessions that write down what is done to them. */
function sessions(change: Partial<ReporterOptions>) {
  const log: string[] = [];
  let count = 0;
  const start = async () => {
    count += 1;
    const name = count;
    log.push(`start ${name}`);
    return {
      opened: async () => {},
      checkGrowth: async () => void log.push(`growth ${name}`),
      finish: async () => {
        log.push(`finish ${name}`);
        return { exitCode: 0 };
      },
      leave: async () => void log.push(`leave ${name}`),
      failed: false,
    } as unknown as RunnerSession;
  };
  const mainStarts = () => false;
  return {
    log,
    reporter: new FirstchanceReporter({ start, growth: [], watch: true, mainStarts, freshWorkers: true, ...change }),
  };
}

async function run(reporter: FirstchanceReporter, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await reporter.onTestRunStart();
    await reporter.onTestRunEnd();
  }
  await reporter.close();
}

describe('while Vitest watches', () => {
  it('each run has a session of its own: what an earlier one captured is captured again', async () => {
    const { log, reporter } = sessions({});
    await run(reporter, 2);
    expect(log).toEqual(['start 1', 'finish 1', 'leave 1', 'start 2', 'finish 2', 'leave 2']);
  });

  it.each<[string, Partial<ReporterOptions>]>([
    ['of what globalSetup started', { mainStarts: () => true }],
    ['of workers that know no other', { freshWorkers: false }],
  ])('one session stays, %s', async (_name, change) => {
    const { log, reporter } = sessions(change);
    await run(reporter, 2);
    expect(log).toEqual(['start 1', 'finish 1', 'leave 1']);
  });
});

it('else the session ends with the run, after the growth checks', async () => {
  const { log, reporter } = sessions({ watch: false });
  await run(reporter, 1);
  expect(log).toEqual(['start 1', 'growth 1', 'finish 1', 'finish 1', 'leave 1']);
});
