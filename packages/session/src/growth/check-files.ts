import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GrowthCheck } from '@firstchance/model';
import { errorCode } from '@firstchance/model';

const FOLDER = 'checks';

/** Files of one check: its evidence, and while it runs the heap files that name what grew. */
export class CheckFiles {
  readonly id: string;
  /** Relative to the session folder. */
  readonly path: string;
  readonly #sessionFolder: string;

  /** Takes the next free number. @throws the system's error when the folder cannot be made */
  constructor(sessionFolder: string) {
    this.#sessionFolder = sessionFolder;
    const folder = join(sessionFolder, FOLDER);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (let number = highest(folder) + 1; ; number += 1) {
      const id = String(number).padStart(4, '0');
      try {
        // The folder of the heap files holds the number: two sessions may share a folder.
        mkdirSync(join(folder, id), { mode: 0o700 });
      } catch (error) {
        if (errorCode(error) === 'EEXIST') continue;
        throw error;
      }
      this.id = id;
      this.path = `${FOLDER}/${id}.json`;
      break;
    }
  }

  /** Folder of a heap file, absolute; made when it is asked for. */
  graphFolder(name: 'before' | 'after'): string {
    const path = join(this.#sessionFolder, FOLDER, this.id, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }

  /** The heap file in such a folder, relative to the session folder. */
  graphPath(name: 'before' | 'after'): string {
    return `${FOLDER}/${this.id}/${name}/heap.fch`;
  }

  write(check: GrowthCheck): void {
    writeFileSync(join(this.#sessionFolder, this.path), `${JSON.stringify(check, null, 1)}\n`, { mode: 0o600 });
  }

  /** Heap files that name nothing are not kept. */
  removeGraphs(): void {
    rmSync(join(this.#sessionFolder, FOLDER, this.id), { recursive: true, force: true });
  }
}

function highest(folder: string): number {
  const numbers = readdirSync(folder).map((name) => Number(/^(\d+)(\.json)?$/.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}
