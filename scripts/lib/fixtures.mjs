import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fixtures as folder } from './paths.mjs';
import { mustRun } from './step.mjs';

const release = ['-c', 'Release', '--nologo', '-v', 'quiet', '-nodeReuse:false'];
// No server of the SDK stays behind when the build has ended.
const env = { DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1', UseSharedCompilation: 'false' };

/** Programs that also exist with an older runtime of their own, in fixtures/NAME/bin/FRAMEWORK/. */
const olderRuntimes = ['net8.0', 'net9.0'];
const withOlderRuntimes = ['throw-loop', 'heap'];

/** What `npm start` shows. */
export const demoFixtures = [{ name: 'throw-loop' }];

/** Every .NET project in fixtures/: all that fixtures.slnx names, and the older runtimes. */
export const allFixtures = [
  { name: 'fixtures.slnx' },
  ...withOlderRuntimes.flatMap((name) => olderRuntimes.map((framework) => ({ name, framework }))),
];

/** Builds fixtures whose sources changed since they were last built. */
export async function buildFixtures(list) {
  let built = 0;
  for (const { name, framework } of list) {
    const project = name.endsWith('.slnx') ? name : path.join(name, `${name}.csproj`);
    const sources = await hashOfSources(name.endsWith('.slnx') ? folder : path.join(folder, name));
    const stamp = path.join(folder, 'obj', `${name}-${framework ?? 'own'}.built`);
    const programs = await programsOf(name, framework);
    if (programs.every(existsSync) && existsSync(stamp) && (await readFile(stamp, 'utf8')) === sources) {
      continue;
    }
    await dotnetBuild(project, { cwd: folder, properties: framework ? [`-p:FixtureFramework=${framework}`] : [] });
    await mkdir(path.dirname(stamp), { recursive: true });
    await writeFile(stamp, sources);
    built++;
  }
  return built === 0 ? 'nothing changed' : undefined;
}

/** Builds one project or solution. */
export async function dotnetBuild(project, { cwd, properties = [] }) {
  await dotnet('build', project, properties, cwd);
}

/** A command of the SDK on one project, in the release configuration; nothing is said that is no error. */
export async function dotnet(command, project, more, cwd) {
  await mustRun('dotnet', [command, project, ...release, ...more], { cwd, env });
}

/** What a build of this entry makes. */
async function programsOf(name, framework) {
  if (!name.endsWith('.slnx')) {
    return [path.join(folder, name, 'bin', framework ?? '', `${name}.dll`)];
  }
  const solution = await readFile(path.join(folder, name), 'utf8');
  return [...solution.matchAll(/Path="([\w-]+)\//g)].map(([, project]) =>
    path.join(folder, project, 'bin', `${project}.dll`),
  );
}

/** MSBuild would look at every project for seconds to find that nothing changed; this takes milliseconds. */
export async function hashOfSources(where) {
  const hash = createHash('sha256');
  const files = [path.join(folder, 'Directory.Build.props')];
  for (const file of await readdir(where, { recursive: true })) {
    if (!/(^|\/)(bin|obj)\//.test(file) && /\.(cs|csproj|slnx|props|json|runsettings)$/.test(file)) {
      files.push(path.join(where, file));
    }
  }
  for (const file of files.sort()) {
    hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex');
}
