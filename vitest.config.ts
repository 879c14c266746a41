import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const patient = { testTimeout: 180_000, hookTimeout: 180_000, globalSetup: 'test/support/installed.mjs' };
/** What a test waits for comes or does not: on a busy machine one second, the default, says nothing. */
const PATIENT_POLL = { poll: { timeout: 60_000 } };

/**
 * Tests of the whole run two files at a time, but for those that take the machine to its limits, and the documents: they
 * look at every folder, and runners make and remove some.
 */
const alone = ['docs/*', 'run/crowded', 'stress/*'].map((files) => `test/${files}.test.ts`);
/** They take long: npm run test:stress runs them. */
const late = process.env.FIRSTCHANCE_SCOPE === 'stress' ? [] : ['test/stress/**'];

/** Minutes each: begun last, one of them would run alone at the end. */
const LONG = /test\/(runners|dotnet-test|packaging|examples|check)\//;

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const long = (file: TestSpecification) => LONG.test(file.moduleId);
    return [...sorted.filter(long), ...sorted.filter((file) => !long(file))];
  }
}

// Tests run on the TypeScript sources: every package's "source" export condition points at src/index.ts.
export default defineConfig({
  resolve: { conditions: ['source', 'node', 'import', 'default'] },
  ssr: { resolve: { conditions: ['source', 'node', 'import', 'default'] } },
  test: {
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: {
          ...{ name: 'unit', include: ['{packages,adapters}/*/src/**/*.test.ts'], testTimeout: 90_000 },
          expect: PATIENT_POLL,
          // By default one core is left idle, of two.
          maxWorkers: availableParallelism(),
          // Half their time is to load what all of them import; none changes what another one sees.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          ...{ name: 'e2e', include: alone, expect: PATIENT_POLL, ...patient },
          exclude: [...configDefaults.exclude, ...late],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...{ name: 'e2e-pairs', include: ['test/**/*.test.ts'], expect: PATIENT_POLL, ...patient },
          exclude: [...configDefaults.exclude, ...alone],
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
