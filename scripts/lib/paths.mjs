import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const native = path.join(root, 'packages/engine/native');
export const fixtures = path.join(root, 'fixtures');

/** FirstChance.Testing. */
export const nugetProject = path.join(root, 'dotnet/FirstChance.Testing/FirstChance.Testing.csproj');
