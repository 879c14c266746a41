import { dirname } from 'node:path';
import type { FullConfig } from '@playwright/test';
import { Run } from './run.ts';
import { showsDots, writer } from './write.ts';

/**
 * Comes last of all global setups; what it returns comes first when the run ends. The session runs by now, unless this
 * Playwright knows nothing of plugins: then it begins here, and attaches to web servers that run already.
 */
export default async function globalSetup(config: FullConfig): Promise<() => Promise<void>> {
  const run = Run.current;
  if (run.started || !run.plan) return () => run.checkGrowth();
  const { version, configFile, rootDir } = config;
  const folder = configFile === undefined ? rootDir : dirname(configFile);
  await run.start({ ...run.plan, folder, version, write: writer(config, undefined), dots: showsDots(config) });
  return async () => {
    await run.checkGrowth();
    await run.finish();
  };
}
