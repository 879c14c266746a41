import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '@firstchance/model';
import { headline } from '@firstchance/report';
import { type CheckedGrowth, checkGrowth, type GrowthTarget } from '../api/growth.ts';
import { packageFile } from '../package-file.ts';

/** What one control proved, or failed to prove. */
export interface Control {
  readonly name: 'leak' | 'quiet';
  readonly proved: boolean;
  /** One sentence. */
  readonly what: string;
}

export interface ControlsRequest {
  /** A process of the user's: only that it is quiet can be proved on it, nothing is injected. */
  readonly pid: number | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
}

const LEAKED = 'FirstChance.Controls.Leaked';
const OPERATIONS = 20;

/**
 * Growth checks on programs of which the answer is known: a check that finds no leak proves nothing while nobody has seen it
 * find one (the leak tests of .NET MAUI passed for months while their helper was broken, dotnet/maui#35485).
 * @throws UsageError when there is no SDK to build the program with
 */
export async function runControls(request: ControlsRequest): Promise<Control[]> {
  const folder = mkdtempSync(join(tmpdir(), 'firstchance-controls-'));
  try {
    if (request.pid !== undefined) return [await quiet(request, folder, request.pid, 'idle', () => {})];
    request.tell('building the control program');
    const program = await build(folder, request);
    const target = async () => ({ command: ['dotnet', program, String(await freePort())] });
    request.tell('checking a leak that must be found');
    const leak = await leaking(request, folder, await target());
    request.tell('checking a quiet program that must pass');
    return [leak, await quiet(request, folder, await target(), 'POST /quiet', `POST /quiet?n={n}`)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function leaking(request: ControlsRequest, folder: string, target: GrowthTarget): Promise<Control> {
  const { check } = await measure(request, folder, target, `POST /leak?n={n}`);
  const [first] = check.growth;
  const proved = check.verdict === 'LEAK' && first?.type === LEAKED;
  const what = proved
    ? `a leak of one object per operation was found and named: ${headline(check)}`
    : `a leak of one ${LEAKED} per operation was NOT found: ${headline(check)}`;
  return { name: 'leak', proved, what };
}

async function quiet(
  request: ControlsRequest,
  folder: string,
  target: GrowthTarget,
  name: string,
  operation: string | (() => void),
): Promise<Control> {
  const { check } = await measure(request, folder, target, operation);
  const proved = check.verdict === 'PASS';
  return { name: 'quiet', proved, what: `${name}: ${headline(check)}` };
}

function measure(
  { environment, signal }: ControlsRequest,
  folder: string,
  target: GrowthTarget,
  operation: string | (() => void),
): Promise<CheckedGrowth> {
  const options = { dose: OPERATIONS, keepSessions: 0 };
  return checkGrowth(target, operation, { folder, environment, signal, options });
}

/**
 * Builds the program that is shipped as source: a binary would have to fit the runtime that is here. Its files have .txt behind
 * their names: a .cs below node_modules becomes part of a C# project that has node_modules beside it.
 */
async function build(folder: string, { environment, signal }: ControlsRequest): Promise<string> {
  const sources = packageFile('controls');
  for (const name of readdirSync(sources)) copyFileSync(join(sources, name), join(folder, basename(name, '.txt')));
  // What the SDK leaves in the temporary folder goes with ours.
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  const env = {
    ...environment,
    TMPDIR: temporary,
    UseSharedCompilation: 'false',
    DOTNET_NOLOGO: '1',
    DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  };
  try {
    const { stdout: version } = await promisify(execFile)('dotnet', ['--version'], { cwd: folder, env, signal });
    const framework = `-p:ControlsFramework=net${Number.parseInt(version, 10)}.0`;
    const args = ['build', '-c', 'Release', '--nologo', '-v', 'quiet', '-nodeReuse:false', framework, '-o', 'out'];
    await promisify(execFile)('dotnet', args, { cwd: folder, env, signal });
  } catch (error) {
    const { code, stdout = '' } = error as NodeJS.ErrnoException & { stdout?: string };
    const why = code === 'ENOENT' ? 'there is no dotnet here' : (stdout.trim().split('\n').at(-1) ?? String(error));
    throw new UsageError(
      `the control program could not be built: ${why}; install the .NET SDK, or name a process: firstchance doctor --controls PID`,
      { cause: error },
    );
  }
  return join(folder, 'out', 'firstchance-controls.dll');
}

/** Free a moment ago: nothing else here takes ports. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
