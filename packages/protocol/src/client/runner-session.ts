import { errorText } from '@firstchance/model/options';
import type { SessionEndInfo } from '../wire/values.ts';
import { checkAtEnd, type GrowthAtEnd } from './growth-at-end.ts';
import { announceGrowthTests, type GrowthTests } from './repeated-tests.ts';
import { outsideRange } from './runner-range.ts';
import { sentenceError } from './sentence-error.ts';
import type { SessionClient } from './session-client.ts';
import { type OwnedServer, type ServerOptions, startServer } from './start-server.ts';

export interface RunnerSessionOptions {
  readonly runner: string;
  readonly version: string;
  /** Versions of the runner that the adapter is made for, as in its peerDependencies: ">=3.2 <6". */
  readonly range?: string;
  readonly options: ServerOptions;
  /** Tests that are repeated to find growth. */
  readonly growthTests?: GrowthTests;
  /** Lines for people. */
  readonly say: (text: string) => void;
  readonly folder?: string;
}

/** The session of this process's runner, while it runs: on the global object, since an adapter may be loaded twice. */
const KEY = Symbol.for('firstchance.runner');
const place = globalThis as { [KEY]?: string };

/** What the adapter in a runner's main process does: starts the session, tells what happens, ends it. */
export class RunnerSession {
  readonly #server: OwnedServer;
  readonly #say: (text: string) => void;
  #failed = false;
  #end: Promise<SessionEndInfo | undefined> | undefined;

  private constructor(server: OwnedServer, say: (text: string) => void) {
    this.#server = server;
    this.#say = say;
  }

  /**
   * Starts the session and puts what workers need into this process's environment; their first request waits until the session
   * is open. Undefined when it cannot: that is said.
   */
  static async start({
    say,
    range,
    growthTests = [],
    ...request
  }: RunnerSessionOptions): Promise<RunnerSession | undefined> {
    const { runner, version } = request;
    if (place[KEY] !== undefined) {
      say(`firstchance: ${place[KEY]} has a session here already; its adapter is configured twice, once is enough`);
      return undefined;
    }
    if (range !== undefined && outsideRange(version, range))
      say(
        `firstchance: this adapter is made for ${runner} ${range}, and this is ${version}: what it does may be missing`,
      );
    place[KEY] = runner;
    try {
      const server = await startServer(request);
      Object.assign(process.env, server.environment);
      announceGrowthTests(growthTests);
      // That it did not open is said at the end, once.
      server.client.then((client) => listen(client, say)).catch(() => {});
      return new RunnerSession(server, say);
    } catch (error) {
      delete place[KEY];
      if (error instanceof Error && 'code' in error && error.code === 'usage')
        throw sentenceError(error.message, error.code);
      say(`firstchance: ${errorText(error)}; the tests run without it`);
      return undefined;
    }
  }

  /** Resolves when the session is open, or has failed to: programs that are started now find it. */
  async opened(): Promise<void> {
    await this.#server.client.catch(() => {});
  }

  /** Growth checks after the last test. What was asked for and could not be done makes the run fail, too. */
  async checkGrowth(checks: readonly GrowthAtEnd[], webServer?: string): Promise<void> {
    for (const check of checks) {
      try {
        const { text, passed, evidence } = await checkAtEnd(await this.#server.client, check, webServer);
        this.#say(passed ? text : `${text}\nevidence: ${evidence}`);
      } catch (error) {
        this.#failed = true;
        this.#say(`firstchance: ${errorText(error)}`);
      }
    }
  }

  /** A check that was asked for could not begin. */
  get failed(): boolean {
    return this.#failed;
  }

  /**
   * Ends the session: every capture is written when this resolves, and what was found has been told. Programs that were launched
   * go on until this process ends or leave() is called. Safe to call twice.
   * @returns undefined when the session is gone
   */
  finish(): Promise<SessionEndInfo | undefined> {
    this.#end ??= this.#finish();
    return this.#end;
  }

  /** The server ends, with everything it launched. */
  async leave(): Promise<void> {
    delete place[KEY];
    await this.#server[Symbol.asyncDispose]();
  }

  async #finish(): Promise<SessionEndInfo | undefined> {
    try {
      const end = await (await this.#server.client).request('session/close', {});
      if (end.text !== '') this.#say(end.text);
      return end;
    } catch (error) {
      this.#say(`firstchance: the session ended before the tests did: ${errorText(error)}`);
      return undefined;
    }
  }
}

function listen(client: SessionClient, say: (text: string) => void): void {
  for (const text of client.problems) say(text);
  client.on('capture', ({ brief }) => say(brief.text));
  client.on('problem', ({ text }) => say(text));
  client.on('progress', (progress) => {
    if (progress.about === 'stacks') say(progress.text);
  });
}
