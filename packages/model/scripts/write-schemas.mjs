// Writes the published JSON Schemas from the built model: npx tsc -b packages/model && node packages/model/scripts/write-schemas.mjs
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { publishedSchemas } from '../dist/index.js';

const folder = new URL('../schema/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, schema] of Object.entries(publishedSchemas())) {
  await writeFile(new URL(name, folder), `${JSON.stringify(schema, null, 2)}\n`);
}
execFileSync('npx', ['biome', 'format', '--write', fileURLToPath(folder)], { stdio: 'inherit' });
