const lists = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** The text of a package.json with this version, of itself and of our packages that it depends on; nothing else changes. */
export function setVersion(text, version, ours) {
  const manifest = JSON.parse(text);
  manifest.version = version;
  for (const list of lists) {
    for (const name of Object.keys(manifest[list] ?? {}).filter((one) => ours.includes(one))) {
      manifest[list][name] = version;
    }
  }
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** What is not in step: a package of another version, a dependency on another version of ours, a change log that is silent. */
export function versionProblems(manifests, changelog) {
  const [{ version }] = manifests;
  const names = manifests.map(({ name }) => name);
  const problems = [];
  for (const manifest of manifests) {
    if (manifest.version !== version) {
      problems.push(`${manifest.file}: version ${manifest.version}, not ${version}`);
    }
    for (const [name, wanted] of lists.flatMap((list) => Object.entries(manifest[list] ?? {}))) {
      if (names.includes(name) && wanted !== version) {
        problems.push(`${manifest.file}: depends on ${name} ${wanted}, not ${version}`);
      }
    }
  }
  if (!changelog.includes(`\n## ${version}`)) {
    problems.push(`CHANGELOG.md: says nothing of ${version}`);
  }
  return problems;
}

const element = /<Version>([^<]*)<\/Version>/;

/** The text of a .csproj with this version. */
export function setProjectVersion(text, version) {
  return text.replace(element, `<Version>${version}</Version>`);
}

/** What a .csproj says its version is, if anything. */
export function projectVersion(text) {
  return element.exec(text)?.[1];
}
