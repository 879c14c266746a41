import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { captureId, captureNumber, errorCode, type Trigger } from '@firstchance/model';

/** A capture's folder, made for it alone. */
export interface CaptureFolder {
  /** "0001-first-chance-InvalidOperationException" */
  readonly id: string;
  /** Absolute. */
  readonly path: string;
}

/** Makes the folders of one session's captures and numbers them. */
export class CaptureFolders {
  readonly #captures: string;
  /** The folder of a removed capture is gone, its number stays used: its records are in the manifest. */
  #last = 0;

  constructor(sessionFolder: string) {
    this.#captures = join(sessionFolder, 'captures');
  }

  /**
   * Makes captures/<id>/ with mode 0700. Numbers go on where the folder's earlier captures end; when two sessions write into
   * one folder at the same moment, the one that comes second to a name takes the next.
   * @throws the system's error when the folder cannot be made
   */
  make(trigger: Trigger, exceptionType?: string | null): CaptureFolder {
    mkdirSync(this.#captures, { recursive: true, mode: 0o700 });
    for (let number = Math.max(this.#last, lastNumber(this.#captures)) + 1; ; number += 1) {
      const id = captureId(number, trigger.kind, exceptionType);
      const path = join(this.#captures, id);
      try {
        mkdirSync(path, { mode: 0o700 });
        chmodSync(path, 0o700);
        this.#last = number;
        return { id, path };
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error;
      }
    }
  }
}

function lastNumber(captures: string): number {
  let last = 0;
  for (const name of readdirSync(captures)) last = Math.max(last, captureNumber(name) ?? 0);
  return last;
}
