import path from 'node:path';
import { nugetProject, root } from '../paths.mjs';
import { mustRun } from '../step.mjs';

/** Makes the .nupkg of FirstChance.Testing in `to`. */
export async function packNuget(to) {
  const quiet = ['--nologo', '-v', 'quiet', '-nodeReuse:false'];
  const env = { DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1', UseSharedCompilation: 'false' };
  await mustRun('dotnet', ['pack', nugetProject, '-c', 'Release', ...quiet, '-o', to], { cwd: root, env });
  return path.relative(root, to);
}
