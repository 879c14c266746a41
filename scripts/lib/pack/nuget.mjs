import path from 'node:path';
import { dotnet } from '../fixtures.mjs';
import { nugetProject, root } from '../paths.mjs';

/** Makes the .nupkg of FirstChance.Testing in `to`. */
export async function packNuget(to) {
  await dotnet('pack', nugetProject, ['-o', to], root);
  return path.relative(root, to);
}
