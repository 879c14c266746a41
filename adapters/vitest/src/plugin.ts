import { fileURLToPath } from 'node:url';
import { type AdapterOptions, checkOptions, RunnerSession, splitOptions } from '@firstchance/protocol';
import { FirstchanceReporter } from './reporter.ts';

export type FirstchanceOptions = AdapterOptions;

/** The parts of Vitest's objects that we use; they hold for 3.2, 4 and 5. */
interface Vitest {
  readonly version: string;
  readonly config: { reporters: unknown[]; watch: boolean; root: string };
  readonly projects: readonly Project[];
  /** The server of the main configuration. */
  readonly vite: { readonly config: { readonly plugins: readonly object[] } };
  onClose(callback: () => Promise<void> | void): void;
}
interface Project {
  readonly name: string;
  readonly config: {
    runner?: string | undefined;
    includeTaskLocation?: boolean | undefined;
    mode?: string;
    browser?: { enabled?: boolean };
    globalSetup?: readonly string[];
  };
}
/** Where a plugin keeps its options: packages of a monorepo may each have this module. */
const OPTIONS = Symbol.for('firstchance.vitest.options');

export interface FirstchancePlugin {
  readonly name: string;
  readonly [OPTIONS]: FirstchanceOptions;
  configResolved(config: object): void;
  configureVitest(context: { vitest: unknown; project: unknown }): void;
}

/**
 * The one line in vitest.config: `plugins: [firstchance()]`. Captures of .NET programs that tests start when a test times out,
 * when an exception is not caught (or thrown, with `exceptions: 'first-chance'`), each with its test.
 */
export default function firstchance(options: FirstchanceOptions = {}): FirstchancePlugin {
  return {
    name: 'firstchance',
    [OPTIONS]: options,
    configResolved(config) {
      const { projects, workspace } = (config as { test?: { projects?: unknown; workspace?: unknown } }).test ?? {};
      if (projects !== undefined || workspace !== undefined) sayIfNobodyBegins();
    },
    configureVitest(context) {
      const vitest = context.vitest as Vitest;
      const { config, name } = context.project as Project;
      begin(vitest, options);
      // Benchmarks have a runner of another kind, and a browser cannot load ours.
      if (config.mode === 'benchmark' || config.browser?.enabled === true) return;
      config.includeTaskLocation = true;
      if (config.runner === undefined) config.runner = RUNNER;
      else if (config.runner !== RUNNER) {
        say(
          `firstchance: ${name === '' ? 'the configuration' : `project ${name}`} has a runner of its own; captures are not tied to its tests unless it is made with withCapture() of @firstchance/vitest/runner`,
        );
      }
    },
  };
}

const RUNNER = fileURLToPath(new URL('./runner.js', import.meta.url));

/** As in peerDependencies. */
export const RANGE = '>=3.2 <6';

/** On the global object: packages of a monorepo may each have this module. */
const BEGAN = Symbol.for('firstchance.vitest.began');
const SAYS = Symbol.for('firstchance.vitest.says');
const place = globalThis as { [BEGAN]?: boolean; [SAYS]?: boolean };

/** Vitest asks the plugins of its projects alone, which have those of the main configuration only when they extend it. */
function sayIfNobodyBegins(): void {
  if (place[SAYS]) return;
  place[SAYS] = true;
  process.once('exit', () => {
    if (!place[BEGAN]) say(NOT_IN_PROJECTS);
  });
}

const NOT_IN_PROJECTS =
  'firstchance: nothing is captured: Vitest asks the plugins of its projects only; name the plugin in theirs too, or give them extends: true';

/** With the options it began with, as text. */
const begun = new WeakMap<Vitest, string>();

/** Options of the main configuration's plugin, if it has any: with projects Vitest asks theirs only. */
function mainOptions({ vite }: Vitest): FirstchanceOptions | undefined {
  const all = vite.config.plugins.map((plugin) => (plugin as Partial<FirstchancePlugin>)[OPTIONS]);
  return all.find((options) => options !== undefined && !isEmpty(options));
}

const isEmpty = (options: FirstchanceOptions) => Object.keys(options).length === 0;

/**
 * One session for all projects of a Vitest, with the options of the main configuration, else of the first project, though each
 * may have a plugin of its own. It starts while Vitest looks for test files; the reporter waits for it before workers are started.
 * @throws UsageError for options that are none
 */
function begin(vitest: Vitest, options: FirstchanceOptions): void {
  if (!begun.has(vitest)) start(vitest, mainOptions(vitest) ?? options);
  if (!isEmpty(options) && JSON.stringify(options) !== begun.get(vitest))
    say('firstchance: its adapter is configured twice, with different options; those of the first hold');
}

function start(vitest: Vitest, options: FirstchanceOptions): void {
  place[BEGAN] = true;
  const { config, version } = vitest;
  const { growth, growthTests, server } = splitOptions(options);
  checkOptions(server);
  begun.set(vitest, JSON.stringify(options));
  const reporter = new FirstchanceReporter({
    start: () =>
      RunnerSession.start({
        ...{ runner: 'vitest', version, range: RANGE, options: server, growthTests, say, folder: config.root },
      }),
    ...{ watch: config.watch, growth },
    mainStarts: () => vitest.projects.some((project) => (project.config.globalSetup?.length ?? 0) > 0),
    // Vitest 3 makes its pools once, with the environment of then.
    freshWorkers: !version.startsWith('3.'),
  });
  config.reporters.push(reporter);
  vitest.onClose(() => reporter.close());
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
