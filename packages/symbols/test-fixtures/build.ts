import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const cache = join(here, '../../../node_modules/.cache/firstchance-symbols');

/** Builds the project in test-fixtures/NAME once for each state of its sources; gives the folder of the output. */
export async function buildFixture(name: string, ...properties: string[]): Promise<string> {
  const source = join(here, name);
  const hash = createHash('sha256').update(properties.join('\0'));
  for (const file of (await readdir(source)).sort()) hash.update(file).update(await readFile(join(source, file)));
  const output = join(cache, `${name}-${hash.digest('hex').slice(0, 16)}`);
  if (await stat(output).catch(() => null)) return output;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'building-'));
  try {
    await cp(source, join(work, 'src'), { recursive: true });
    const arguments_ = ['build', '-c', 'Release', '-v', 'q', '-nodeReuse:false', '-o', join(work, 'out')];
    const all = [...arguments_, ...properties.map((item) => `-p:${item}`), join(work, 'src')];
    await promisify(execFile)('dotnet', all).catch((cause: { stdout?: string }) => {
      throw new Error(`dotnet build of ${name} failed: ${cause.stdout}`, { cause });
    });
    // Another worker may have been faster; its output is as good.
    await rename(join(work, 'out'), output).catch(() => {});
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return output;
}
