import { StepError, step } from './step.mjs';

/**
 * Checks that go on when one fails, and the sum of what they counted. A check gives back the counts of a test runner
 * ({ passed, failed, skipped, unsteady, output, repeat }) or a sentence; a check that throws is one failure.
 */
export function checks(out = process.stdout) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  const unsteady = [];

  const fail = (name, error) => {
    failures.push(name);
    out.write(`\n${error instanceof StepError ? error.message : error.stack}\n\n`);
  };

  const check = async (name, work) => {
    try {
      await step(name, async () => {
        const result = await work();
        if (typeof result !== 'object') {
          return /\n/.test(result ?? '') ? undefined : result;
        }
        total.passed += result.passed;
        total.skipped += result.skipped;
        total.failed += result.failed;
        const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : '';
        if (result.failed > 0) {
          const sum = `${result.passed} passed, ${result.failed} failed${skipped}`;
          throw new CountedError(`${result.output}\n\n${name}: ${sum}. To repeat it:\n  ${result.repeat}`);
        }
        if (result.unsteady !== undefined) {
          out.write(`\n${result.output}\n\n`);
          unsteady.push(...result.unsteady);
        }
        const longest = result.longest?.length > 0 ? `; longest: ${result.longest.join(', ')}` : '';
        return `${result.passed} passed${skipped}${longest}`;
      });
    } catch (error) {
      total.failed += error instanceof CountedError ? 0 : 1;
      fail(name, error);
    }
  };

  const report = {
    broken(error) {
      total.failed += 1;
      fail('the build', error);
    },
    /** What failed, and as the last line, alone, "N passed, N failed". */
    print() {
      if (total.skipped > 0) {
        out.write(`\n${total.skipped} tests were skipped: of another scope, or not possible on this machine.\n`);
      }
      if (unsteady.length > 0) {
        out.write(
          `\nUnsteady, failed once and passed alone (what was said then stands above):\n  ${unsteady.join('\n  ')}\n`,
        );
      }
      out.write(failures.length > 0 ? `\nFailed: ${failures.join('; ')}\n` : '');
      out.write(`\n${total.passed} passed, ${total.failed} failed\n`);
      process.exitCode = total.failed > 0 ? 1 : 0;
    },
  };
  return { check, report, total };
}

/** A failure whose tests are in the sum already. */
class CountedError extends StepError {}
