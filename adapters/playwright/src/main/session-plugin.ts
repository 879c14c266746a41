import type { FullConfig } from '@playwright/test';
import { Run, type RunPlan } from './run.ts';
import { type Reporters, showsDots, writer } from './write.ts';

/** What Playwright calls: setup before web servers start, teardown when they have ended. */
interface Plugin {
  readonly name: string;
  setup(config: FullConfig, configFolder: string, reporters?: Reporters): Promise<void>;
  teardown(): Promise<void>;
}

export function sessionPlugin(plan: RunPlan): () => Plugin {
  return () => ({
    name: 'firstchance',
    setup: async (config, folder, reporters) => {
      const { version } = config;
      const write = writer(config, reporters);
      await Run.current.start({ ...plan, folder, version, write, dots: showsDots(config) });
    },
    teardown: () => Run.current.finish(),
  });
}
