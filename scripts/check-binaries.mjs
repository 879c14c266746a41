// The shipped binaries need nothing newer than glibc 2.35 and no other library:   check-binaries.mjs [FOLDER]
import { checkBinaries } from './lib/check-binaries.mjs';
import { main } from './lib/step.mjs';

await main(async () => {
  process.stdout.write(`${await checkBinaries(process.argv[2])}: fine\n`);
});
