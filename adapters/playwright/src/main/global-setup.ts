import { Run } from './run.ts';

/** Comes last of all global setups; what it returns comes first when the run ends. */
export default function globalSetup(): () => Promise<void> {
  return () => Run.current.checkGrowth();
}
