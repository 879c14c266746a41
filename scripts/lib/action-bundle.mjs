import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './paths.mjs';

const folder = path.join(root, 'dist/action');

/** The action as GitHub runs it, from the sources: file name to content. Equal sources and lock file give equal bytes. */
async function build() {
  const { build: esbuild } = await import('esbuild');
  const { outputFiles, metafile } = await esbuild({
    absWorkingDir: root,
    entryPoints: ['packages/action/src/main.ts', 'packages/action/src/post.ts'],
    outdir: 'dist/action',
    bundle: true,
    splitting: true,
    chunkNames: 'shared-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Ours from their sources, as tests run them: nothing has to be compiled before.
    conditions: ['source'],
    // Packages in CommonJS call require() for what Node brings.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  const files = new Map(outputFiles.map((file) => [path.basename(file.path), Buffer.from(file.contents)]));
  files.set('licenses.txt', Buffer.from(await licenses(Object.keys(metafile.inputs))));
  return files;
}

/** What of others is in the bundle, with their licences. */
async function licenses(inputs) {
  const packages = new Set(inputs.flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []));
  const texts = [];
  for (const where of [...packages].sort()) {
    const { name, version, license } = JSON.parse(await readFile(path.join(root, where, 'package.json'), 'utf8'));
    const file = (await readdir(path.join(root, where))).find((one) => /^licen[cs]e(\.|$)/i.test(one));
    const text = file === undefined ? '' : await readFile(path.join(root, where, file), 'utf8');
    texts.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  return texts.join(`\n${'-'.repeat(80)}\n`);
}

export async function writeBundle() {
  const files = await build();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, content] of files) await writeFile(path.join(folder, name), content);
  const bytes = [...files.values()].reduce((sum, content) => sum + content.length, 0);
  return `${files.size} files, ${(bytes / 1e6).toFixed(1)} MB`;
}

/** Names of the files that differ from what the sources give; empty when the bundle is current. */
export async function staleFiles() {
  const files = await build();
  const present = existsSync(folder) ? await readdir(folder) : [];
  const stale = present.filter((name) => !files.has(name));
  for (const [name, content] of files) {
    if (!present.includes(name) || !content.equals(await readFile(path.join(folder, name)))) {
      stale.push(name);
    }
  }
  return stale.sort();
}
