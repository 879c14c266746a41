import { relative } from 'node:path';
import { connectSession, type SessionClient, TestKit, TestReports, workerNumber } from '@firstchance/protocol';
import type { CircusEvent, CircusState } from './circus.ts';
import { EventReports, type TestFile } from './event-reports.ts';
import { NO_SESSION } from './no-session.ts';
import { repeatWhenAsked } from './repeat-test.ts';

/** What we need of a test environment. */
export interface Environment {
  global: object;
  setup(): Promise<void>;
  teardown(): Promise<void>;
  handleTestEvent?(event: CircusEvent, state: CircusState): Promise<void> | void;
}

interface EnvironmentConfig {
  readonly projectConfig: { readonly rootDir: string; readonly displayName?: { readonly name: string } };
}
interface EnvironmentContext {
  readonly testPath: string;
}

// A mixin's constructor must take any arguments: TypeScript asks for it in these words.
// biome-ignore lint/suspicious/noExplicitAny: TS2545
type Constructor<T> = new (...args: any[]) => T;

/**
 * A test environment that tells the session which test runs and until when, and that waits for the captures of a test that timed
 * out before hooks end its programs. Everything else is the base's: it hears every event first.
 */
export function withCapture<B extends Constructor<Environment>>(Base: B): B {
  return class extends Base {
    readonly #file: TestFile;
    #client: SessionClient | undefined;
    #kit: TestKit | undefined;
    #events: EventReports | undefined;

    // biome-ignore lint/suspicious/noExplicitAny: TS2545
    constructor(...args: any[]) {
      super(...args);
      const [config, context] = args as [EnvironmentConfig, EnvironmentContext];
      this.#file = testFile(config, context);
    }

    override async setup(): Promise<void> {
      await super.setup();
      const client = await connectSession({ runner: 'jest' }).catch(() => undefined);
      if (!client) return warnOnce();
      this.#client = client;
      this.#kit = new TestKit(async () => client);
      this.#events = new EventReports(new TestReports(client), this.#file);
      // Tests run in a sandbox that cannot load us: what they call is handed in.
      Object.assign(this.global, { firstchance: this.#kit });
    }

    override async teardown(): Promise<void> {
      await this.#kit?.stopAll();
      await this.#client?.[Symbol.asyncDispose]();
      await super.teardown();
    }

    override async handleTestEvent(event: CircusEvent, state: CircusState): Promise<void> {
      if (this.#kit && event.name === 'test_fn_start' && event.test) repeatWhenAsked(event.test, this.#kit);
      try {
        await super.handleTestEvent?.(event, state);
      } finally {
        await this.#events?.handle(event, state);
      }
    }
  };
}

let warned = false;

/**
 * Jest takes reporters from its main configuration only, or from its command line: in a project of it the preset brings this
 * environment and no session.
 * Where the session could not start, the reporter has said why.
 */
function warnOnce(): void {
  const { FIRSTCHANCE_SESSION: session, JEST_WORKER_ID: worker = '1' } = process.env;
  if (warned || session !== undefined || worker !== '1' || process.env[NO_SESSION] !== undefined) return;
  warned = true;
  process.stderr.write(`${NO_REPORTER}\n`);
}

const NO_REPORTER =
  "firstchance: nothing is captured: Jest takes reporters from its main configuration only, so preset: '@firstchance/jest' (or the reporter) belongs there, too, beside projects; --reporters on the command line takes its place, so name @firstchance/jest/reporter there, too";

function testFile({ projectConfig }: EnvironmentConfig, { testPath }: EnvironmentContext): TestFile {
  const { rootDir, displayName } = projectConfig;
  return {
    ...{ path: testPath, name: relative(rootDir, testPath) },
    ...(displayName ? { project: displayName.name } : {}),
    // Without workers of its own Jest sets it to 1.
    ...workerNumber(process.env.JEST_WORKER_ID),
  };
}
