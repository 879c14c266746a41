import { type AdapterOptions, RunnerSession, splitOptions } from '@firstchance/protocol';
import { versionProblem } from './version.ts';
import { DotLine } from './write.ts';

/** URL of the first web server, for workers: a check without a named target is of the program behind it. */
export const WEB_SERVER = 'FIRSTCHANCE_WEB_SERVER';

const KEY = Symbol.for('firstchance.playwright.run');

/** What the configuration asks for. */
export interface RunPlan {
  readonly options: AdapterOptions;
  /** URL of the first web server. */
  readonly webServer: string | undefined;
  /** The main process itself may start programs, before any worker does: web servers, globalSetup. */
  readonly mainStarts: boolean;
}

export interface RunRequest extends RunPlan {
  readonly folder: string;
  readonly version: string;
  /** Where lines for people go. */
  readonly write: (text: string) => void;
  /** The reporter writes a dot for each test and leaves the line open. */
  readonly dots: boolean;
}

/**
 * The session of one run in Playwright's main process. Plugin, global setup and reporter are loaded by Playwright, each on its
 * own, and meet here.
 */
export class Run {
  /** The reporter is there: with `--reporter=…` on the command line it is not. */
  hasReporter = false;
  /** A test of any kind has run. */
  testsRan = false;
  readonly dotLine = new DotLine();
  /** Of the configuration that was loaded last. */
  plan: RunPlan | undefined;
  #request: RunRequest | undefined;
  #write = (text: string): void => void process.stderr.write(text);
  #session: RunnerSession | undefined;
  #failure: string | undefined;
  #interrupted = false;
  /** What is said at the end, until Playwright has said its own. */
  #held: string[] | undefined;

  static get current(): Run {
    const place = globalThis as { [KEY]?: Run };
    place[KEY] ??= new Run();
    return place[KEY];
  }

  get started(): boolean {
    return this.#request !== undefined;
  }

  /** Starts the session unless it runs. @throws UsageError for options that are none */
  async start(request: RunRequest): Promise<void> {
    if (this.#request) return;
    this.#request = request;
    const { options, webServer, mainStarts, folder, version, write } = request;
    this.#write = write;
    this.#failure = undefined;
    const problem = versionProblem(version);
    if (problem !== undefined) this.#say(problem);
    if (webServer !== undefined) process.env[WEB_SERVER] = webServer;
    process.on('SIGINT', this.#onInterrupt);
    const { server, growthTests } = splitOptions(options);
    const say = (text: string) => this.#say(text);
    this.#session = await RunnerSession.start({
      ...{ runner: 'playwright', version, options: server, growthTests, say, folder },
    });
    if (mainStarts) await this.#session?.opened();
  }

  /** After the last test, while web servers and what globalSetup started still run. */
  async checkGrowth(): Promise<void> {
    const { options, webServer } = this.#request ?? {};
    if (this.#interrupted || !options) return;
    await this.#session?.checkGrowth(splitOptions(options).growth, webServer);
  }

  /** Ends the session. @throws why the run fails, when there is no reporter that could say it */
  async finish(): Promise<void> {
    const failure = await this.#finish();
    if (failure !== undefined && !this.hasReporter) throw asFailure(failure);
  }

  async #finish(): Promise<string | undefined> {
    process.off('SIGINT', this.#onInterrupt);
    const session = this.#session;
    this.#session = undefined;
    this.#request = undefined;
    if (!session) return undefined;
    if (this.hasReporter) this.#held = [];
    const end = await session.finish();
    await session.leave();
    if (end && end.targets > 0 && !end.testsTold && this.testsRan) this.#say(NOT_TOLD);
    if (end === undefined) this.#failure = 'the session ended before the tests did';
    else if (end.exitCode !== 0) this.#failure = end.reason;
    else if (session.failed) this.#failure = 'a growth check that was asked for could not be done';
    return this.#failure;
  }

  /** What was held back is said. @returns why the run fails, when it does */
  tell(): string | undefined {
    const lines = this.#held ?? [];
    this.#held = undefined;
    for (const line of lines) this.#say(line);
    return this.#failure;
  }

  readonly #onInterrupt = () => {
    this.#interrupted = true;
  };

  #say(text: string): void {
    if (this.#held) return void this.#held.push(text);
    this.#write(`${this.#request?.dots ? this.dotLine.below(text) : text}\n`);
  }
}

const NOT_TOLD =
  "firstchance: no test was tied to a program, and none had a deadline: tests must import { test } from '@firstchance/playwright'";

/** Playwright shows it and fails the run; where it was thrown is of no use to anybody. */
function asFailure(reason: string): Error {
  const error = new Error(`firstchance: ${reason}`);
  error.stack = error.message;
  return error;
}
