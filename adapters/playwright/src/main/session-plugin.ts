import type { AdapterOptions } from '@firstchance/protocol';
import type { FullConfig } from '@playwright/test';
import { Run } from './run.ts';
import { type Reporters, writer } from './write.ts';

/** What Playwright calls: setup before web servers start, teardown when they have ended. */
interface Plugin {
  readonly name: string;
  setup(config: FullConfig, configFolder: string, reporters?: Reporters): Promise<void>;
  teardown(): Promise<void>;
}

export function sessionPlugin(options: AdapterOptions, webServer: string | undefined): () => Plugin {
  return () => ({
    name: 'firstchance',
    setup: async (config, folder, reporters) => {
      const { version } = config;
      await Run.current.start({ options, webServer, folder, version, write: writer(config, reporters) });
    },
    teardown: async () => {
      const failure = await Run.current.finish();
      if (failure !== undefined && !Run.current.hasReporter) throw asFailure(failure);
    },
  });
}

/** Playwright shows it and fails the run; where it was thrown is of no use to anybody. */
function asFailure(reason: string): Error {
  const error = new Error(`firstchance: ${reason}`);
  error.stack = error.message;
  return error;
}
