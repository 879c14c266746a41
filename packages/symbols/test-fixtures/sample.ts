import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildFixture } from './build.ts';

/** A frame as the runtime's own System.Diagnostics.StackTrace sees it. */
export interface RuntimeFrame {
  readonly method: string;
  readonly token: number;
  readonly ilOffset: number;
  readonly file: string | null;
  readonly line: number;
  readonly column: number;
}

export async function buildSample(
  debugType: 'portable' | 'embedded' | 'none',
  configuration = 'Release',
): Promise<string> {
  const optimize = configuration === 'Release' ? 'true' : 'false';
  return join(await buildFixture('sample', `DebugType=${debugType}`, `Optimize=${optimize}`), 'sample.dll');
}

/** Runs the sample: what it prints is the truth the reader must agree with. */
export async function runtimeFrames(module: string): Promise<RuntimeFrame[]> {
  const { stdout } = await promisify(execFile)('dotnet', [module]);
  return JSON.parse(stdout) as RuntimeFrame[];
}

/** An await at which a method stood: what the runtime and the compiler know of it. */
export interface RuntimeAwait {
  readonly Method: string;
  /** Of MoveNext. */
  readonly Token: number;
  readonly State: number;
  readonly Line: number;
}

/** Runs the sample's async methods, which stop at each of their awaits. */
export async function runtimeAwaits(module: string): Promise<RuntimeAwait[]> {
  const { stdout } = await promisify(execFile)('dotnet', [module, 'awaits']);
  return JSON.parse(stdout) as RuntimeAwait[];
}
