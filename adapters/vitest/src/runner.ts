import * as vitest from 'vitest';
import { withCapture as capturing, type Lookup, type Runner } from './with-capture.ts';

type Base = new (...args: never[]) => Runner;
type Statics = { getTestFn?: Lookup['testFn']; getSuiteHooks?: Lookup['hooks'] };

/** Vitest 4.1 and 5 export the class from 'vitest' itself; 3.2 and 4.0 from 'vitest/runners', which 5 no longer has. */
async function base(): Promise<{ Base: Base; lookup: Lookup }> {
  const { TestRunner } = vitest as unknown as { TestRunner?: Base & Statics };
  if (TestRunner?.getTestFn && TestRunner.getSuiteHooks) {
    return { Base: TestRunner, lookup: { testFn: TestRunner.getTestFn, hooks: TestRunner.getSuiteHooks } };
  }
  const runners = (await load('vitest/runners')) as { VitestTestRunner: Base };
  const suite = (await load('vitest/suite')) as { getFn: Lookup['testFn']; getHooks: Lookup['hooks'] };
  return { Base: runners.VitestTestRunner, lookup: { testFn: suite.getFn, hooks: suite.getHooks } };
}

/** Not of every version: the name must not be resolved when this is compiled or bundled. */
function load(name: string): Promise<unknown> {
  return import(/* @vite-ignore */ name);
}

const { Base, lookup } = await base();

/** Makes a runner of your own, a subclass of Vitest's, tell the session of its tests. */
export function withCapture<B extends Base>(Own: B): B {
  return capturing(Own as never, lookup) as unknown as B;
}

/** The runner that the plugin sets: Vitest's own, with captures. */
export default withCapture(Base);
