import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Outcome, Running } from '../../support/firstchance.ts';
import { processesWith } from '../../support/processes.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The Node that GitHub's runner has for actions; its packages are optional, so the one at hand may have to do. */
const NODE24 = path.join(root, 'fixtures/runners/node24/node_modules', `node-linux-${process.arch}`, 'bin/node');
export const actionNode = existsSync(NODE24) ? NODE24 : process.execPath;

export type With = Readonly<Record<string, string>>;

export interface StepResult extends Outcome {
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Lines of annotations and other commands to the runner, "::error …". */
  readonly commands: readonly string[];
}

export interface JobOptions {
  /** Address of the artifact service. */
  readonly service?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly event?: unknown;
  /** As another job had it: a runner has it at the same path each time. */
  readonly workspace?: string;
  /** Folder of the action; without it this repository. */
  readonly action?: string;
}

/** A token as the runner has it: the client reads the ids of run and job from it, the signature is the service's affair. */
const TOKEN = ['{"alg":"none"}', '{"scp":"Actions.Results:run:job"}', 'x']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');

/**
 * A job of GitHub Actions, as actions/runner starts the steps of a JavaScript action: inputs as INPUT_*, files for outputs,
 * environment, state and summary, state handed to post as STATE_*.
 */
export class Job implements Disposable {
  readonly path = realpathSync(mkdtempSync(path.join(tmpdir(), 'firstchance-job-')));
  readonly workspace: string;
  readonly temporary = path.join(this.path, 'temp');
  /** What steps exported for later ones. */
  readonly exported: Record<string, string> = {};
  readonly #options: JobOptions;
  readonly #state = new Map<string, Record<string, string>>();
  #files = 0;

  constructor(options: JobOptions = {}) {
    this.#options = options;
    this.workspace = options.workspace ?? path.join(this.path, 'workspace');
    for (const folder of [this.workspace, this.temporary, path.join(this.path, 'tmp')])
      mkdirSync(folder, { recursive: true });
    writeFileSync(
      path.join(this.path, 'event.json'),
      JSON.stringify(options.event ?? { repository: { visibility: 'private' } }),
    );
  }

  main(step: string, inputs: With, env?: NodeJS.ProcessEnv): Promise<StepResult> {
    return this.start('main', step, inputs, env).result();
  }

  post(step: string, inputs: With, env?: NodeJS.ProcessEnv): Promise<StepResult> {
    return this.start('post', step, inputs, env).result();
  }

  start(entry: 'main' | 'post', step: string, inputs: With, env: NodeJS.ProcessEnv = {}) {
    const number = this.#files++;
    const file = (kind: string) => {
      const name = path.join(this.path, `${number}-${kind}`);
      writeFileSync(name, '');
      return name;
    };
    const files = { output: file('output'), env: file('env'), state: file('state'), summary: file('summary') };
    const state = Object.entries(this.#state.get(step) ?? {}).map(([name, value]) => [`STATE_${name}`, value]);
    const given = Object.entries({ ...DEFAULTS, ...inputs }).map(([name, value]) => [
      `INPUT_${name.toUpperCase()}`,
      value,
    ]);
    const running = new Running(actionNode, [path.join(this.#options.action ?? root, 'dist/action', `${entry}.js`)], {
      cwd: this.workspace,
      bare: true,
      env: {
        ...this.base,
        ...this.exported,
        ...Object.fromEntries([...state, ...given]),
        ...{ GITHUB_ACTION: step, GITHUB_OUTPUT: files.output, GITHUB_ENV: files.env, GITHUB_STATE: files.state },
        GITHUB_STEP_SUMMARY: files.summary,
        ...env,
      },
    });
    const result = async (): Promise<StepResult> => {
      const outcome = await running.end();
      Object.assign(this.exported, fileCommands(files.env));
      this.#state.set(step, { ...this.#state.get(step), ...fileCommands(files.state) });
      return {
        ...outcome,
        outputs: fileCommands(files.output),
        summary: readFileSync(files.summary, 'utf8'),
        commands: outcome.stdout.split('\n').filter((line) => line.startsWith('::')),
      };
    };
    return { running, result };
  }

  /** A `run:` step: what it has of the job is its environment alone, no token. */
  async shell(command: readonly string[]): Promise<Outcome> {
    const [program = '', ...args] = command;
    const { ACTIONS_RUNTIME_TOKEN: _token, ACTIONS_RESULTS_URL: _url, ...env } = { ...this.base, ...this.exported };
    return await new Running(program, args, { cwd: this.workspace, bare: true, env }).end();
  }

  /** Files of ours in the job's temporary folder for sockets, and processes that still run. */
  leftovers(): string[] {
    const sockets = readdirSync(path.join(this.path, 'tmp')).filter((name) => name.startsWith('fc-'));
    return [...processesWith(this.#mark).map(({ pid, command }) => `process ${pid}: ${command}`), ...sockets];
  }

  [Symbol.dispose](): void {
    for (const { pid } of processesWith(this.#mark)) process.kill(pid, 'SIGKILL');
    for (const folder of [this.path, this.workspace]) rmSync(folder, { recursive: true, force: true });
  }

  get #mark(): string {
    return `TMPDIR=${path.join(this.path, 'tmp')}`;
  }

  get base(): NodeJS.ProcessEnv {
    const { PATH, HOME, DOTNET_ROOT, DOTNET_CLI_HOME, NUGET_PACKAGES } = process.env;
    return {
      ...defined({ PATH, HOME, DOTNET_ROOT, DOTNET_CLI_HOME, NUGET_PACKAGES }),
      ...{ CI: 'true', GITHUB_ACTIONS: 'true', TMPDIR: path.join(this.path, 'tmp'), XDG_RUNTIME_DIR: '' },
      ...{ GITHUB_WORKSPACE: this.workspace, RUNNER_TEMP: this.temporary, GITHUB_JOB: 'test', GITHUB_RUN_ATTEMPT: '1' },
      ...{ GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/shop', GITHUB_RUN_ID: '77' },
      ...{ GITHUB_EVENT_PATH: path.join(this.path, 'event.json'), GITHUB_RETENTION_DAYS: '90', DOTNET_NOLOGO: '1' },
      ...(this.#options.service ? { ACTIONS_RUNTIME_TOKEN: TOKEN, ACTIONS_RESULTS_URL: this.#options.service } : {}),
      ...this.#options.env,
    };
  }
}

export const runtimeToken = TOKEN;

/** What the runner fills in from action.yml; a test holds that file to the sources. */
const DEFAULTS: With = {
  ...{ mode: 'run', upload: 'on-failure', 'retention-days': '5', 'max-upload': '500MB', 'working-directory': '.' },
  ...{ artifacts: 'firstchance-*-report*', sessions: '.firstchance/*', annotations: 'true', summary: 'true' },
  ...{ matrix: 'null', 'job-index': '0', 'job-status': 'success' },
};

function defined(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}

/** name<<DELIMITER, lines, DELIMITER: the only form that @actions/core writes. */
function fileCommands(file: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = readFileSync(file, 'utf8').split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const [, name, delimiter] = /^([^<=]+)<<(.+)$/.exec(lines[at] ?? '') ?? [];
    if (name === undefined || delimiter === undefined) continue;
    const end = lines.indexOf(delimiter, at + 1);
    values[name] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return values;
}
