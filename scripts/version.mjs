// All packages have one version:   version.mjs 0.2.0   sets it everywhere;   version.mjs   says whether it is the same everywhere.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readManifest, workspaces } from './lib/pack/published.mjs';
import { nugetProject, root } from './lib/paths.mjs';
import { main, mustRun, StepError, step } from './lib/step.mjs';
import { projectVersion, setProjectVersion, setVersion, versionProblems } from './lib/version.mjs';

const [version] = process.argv.slice(2);

await main(async () => {
  const ours = await workspaces();
  const folders = [root, ...ours.values()];
  if (version !== undefined) {
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
      throw new StepError(`'${version}' is no version`);
    }
    for (const folder of folders) {
      const file = path.join(folder, 'package.json');
      await writeFile(file, setVersion(await readFile(file, 'utf8'), version, [...ours.keys()]));
    }
    await writeFile(nugetProject, setProjectVersion(await readFile(nugetProject, 'utf8'), version));
    await step('package-lock.json', () =>
      mustRun('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund'], { cwd: root }).then(
        () => undefined,
      ),
    );
  }
  const manifests = await Promise.all(
    folders.map(async (folder) => ({
      file: path.join(path.relative(root, folder), 'package.json'),
      ...(await readManifest(folder)),
    })),
  );
  const project = path.relative(root, nugetProject);
  manifests.push({
    ...{ file: project, name: path.basename(project, '.csproj') },
    version: projectVersion(await readFile(nugetProject, 'utf8')),
  });
  const changelog = path.join(root, 'CHANGELOG.md');
  const problems = versionProblems(manifests, existsSync(changelog) ? await readFile(changelog, 'utf8') : '');
  if (problems.length > 0) {
    throw new StepError(problems.join('\n'));
  }
  process.stdout.write(`${manifests.length} packages are ${manifests[0].version}\n`);
});
