import type { FullResult, Reporter } from '@playwright/test/reporter';
import { Run } from './main/run.ts';

/** Tells what the session found below Playwright's own summary, and fails the run for it. */
export default class FirstchanceReporter implements Reporter {
  constructor() {
    Run.current.hasReporter = true;
  }

  /** Otherwise Playwright believes that it shows the tests. */
  printsToStdio(): boolean {
    return false;
  }

  onTestBegin(): void {
    Run.current.testsRan = true;
  }

  onTestEnd(): void {
    Run.current.dotLine.testEnded();
  }

  /** The last in the list of reporters. */
  async onEnd(): Promise<{ status: FullResult['status'] } | undefined> {
    return Run.current.tell() === undefined ? undefined : { status: 'failed' };
  }
}
