import { readFile, writeFile } from 'node:fs/promises';
import { root } from '../paths.mjs';
import { run } from '../run.mjs';
import { StepError } from '../step.mjs';

/**
 * A software bill of materials (CycloneDX 1.5) of packages as they were packed: what is inside them, and what they depend on.
 * npm describes the parts; which of them are in a package is known to who bundled it, since npm sees workspaces only.
 */
export async function writeSbom(packed, file) {
  const described = await workspaceTree();
  const components = new Map();
  const dependencies = packed.map(({ name, version, bundled, dependencies: kept }) => {
    const parts = [...bundled, ...Object.entries(kept).map(([other, one]) => ({ name: other, version: one }))];
    const known = parts.map(
      (part) => part.component ?? described.get(`${part.name}@${part.version}`) ?? ours(part, packed),
    );
    for (const component of known) {
      components.set(component['bom-ref'], component);
    }
    return {
      ref: `${name}@${version}`,
      dependsOn: [...new Set(known.map((component) => component['bom-ref']))].sort(),
    };
  });
  for (const one of packed) {
    components.set(`${one.name}@${one.version}`, component(one));
  }
  const document = {
    ...{
      $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      version: 1,
    },
    metadata: {
      component: {
        type: 'application',
        'bom-ref': 'firstchance-release',
        name: 'firstchance',
        version: packed[0].version,
      },
    },
    components: [...components.values()].sort((a, b) => a['bom-ref'].localeCompare(b['bom-ref'])),
    dependencies: [{ ref: 'firstchance-release', dependsOn: dependencies.map(({ ref }) => ref) }, ...dependencies],
  };
  await writeFile(file, `${JSON.stringify(document, null, 2)}\n`);
  return `${document.components.length} components`;
}

/** Everything in the lock file, by name@version, as npm describes it. */
async function workspaceTree() {
  const { code, output } = await run('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
    cwd: root,
  });
  if (code !== 0) {
    throw new StepError(output);
  }
  const { components } = JSON.parse(output.slice(output.indexOf('{')));
  return new Map(components.map((one) => [one['bom-ref'], one]));
}

const component = ({ name, version }) => ({
  ...{
    type: 'library',
    'bom-ref': `${name}@${version}`,
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
  },
  licenses: [{ license: { id: 'MIT' } }],
});

function ours(part, packed) {
  if (part.name !== 'firstchance' && !packed.some(({ name }) => name === part.name)) {
    throw new StepError(`npm does not describe ${part.name}@${part.version}`);
  }
  return component(part);
}

/** Linked into the engine: the versions that the headers of this machine name, which is the machine that built it. */
export async function nativeParts() {
  const [zstd, json] = await Promise.all(
    ['/usr/include/zstd.h', '/usr/include/nlohmann/detail/abi_macros.hpp'].map((file) => readFile(file, 'utf8')),
  );
  const version = (text, prefix, names) =>
    names.map((name) => new RegExp(`define ${prefix}${name}\\s+(\\d+)`).exec(text)?.[1] ?? '?').join('.');
  return [
    native('zstd', version(zstd, 'ZSTD_VERSION_', ['MAJOR', 'MINOR', 'RELEASE']), 'BSD-3-Clause'),
    native('nlohmann-json', version(json, 'NLOHMANN_JSON_VERSION_', ['MAJOR', 'MINOR', 'PATCH']), 'MIT'),
  ];
}

function native(name, version, license) {
  const reference = `${name}@${version}`;
  const purl = `pkg:generic/${reference}`;
  const described = {
    type: 'library',
    'bom-ref': reference,
    name,
    version,
    purl,
    licenses: [{ license: { id: license } }],
  };
  return { name, version, component: described };
}
