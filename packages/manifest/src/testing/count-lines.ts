import { readManifest } from '../read/read-manifest.ts';

/* Reads a manifest and prints how many lines of each kind it has: `count-lines.ts FILE`. */
const counts = { record: 0, unknown: 0, damaged: 0 };
for await (const line of readManifest(process.argv[2] ?? '')) counts[line.kind] += 1;
process.stdout.write(JSON.stringify(counts));
