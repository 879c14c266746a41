import { builtModule } from './entries.mjs';
import { engines, repository } from './published.mjs';

/**
 * package.json as published, from the workspace's. Internal packages are inside and no longer dependencies; the rest is pinned
 * exactly, as in the workspace. `types` maps a module of dist/ to its declaration, of the ES module and of the CommonJS one.
 */
export function publishedManifest(manifest, { dependencies, types, files, exports: more = {} }) {
  const { name, version, description, license, type, keywords, engines: node, bin } = manifest;
  const peers = { peerDependencies: manifest.peerDependencies, peerDependenciesMeta: manifest.peerDependenciesMeta };
  return {
    ...{ name, version, description, keywords, license, ...repository(), type, engines: node },
    exports: { ...mapExports(manifest.exports, types), ...more },
    ...(bin === undefined ? {} : { bin }),
    files,
    ...{ dependencies, ...(manifest.peerDependencies ? peers : {}) },
    // Exactly this version: engine and client are made for each other. No install script: npm chooses by system.
    ...(name === 'firstchance'
      ? { optionalDependencies: Object.fromEntries(engines.map((one) => [one.name, version])) }
      : {}),
  };
}

function mapExports(exports, types) {
  return Object.fromEntries(
    Object.entries(exports).map(([where, target]) => {
      const module = builtModule(target?.default ?? target);
      if (module === null) {
        return [where, target];
      }
      const { esm, cjs } = types(module);
      const imported = { types: esm, default: `./dist/${module}.js` };
      if (target.require === undefined) {
        return [where, imported];
      }
      return [where, { import: imported, require: { types: cjs, default: target.require } }];
    }),
  );
}
