import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fixtures } from './paths.mjs';

/** The programs that `npm start` shows. */
export const demoFixtures = ['throw-loop'];

/** Every .NET project in fixtures/: programs that the tests run, and test projects that `dotnet test` runs. */
export function allFixtures() {
  return readdirSync(fixtures, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(fixtures, entry.name, `${entry.name}.csproj`)))
    .map((entry) => entry.name);
}
