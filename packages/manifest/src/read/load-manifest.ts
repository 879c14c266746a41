import { type ManifestRecord, type RecordKind, recordKey } from '@firstchance/model';
import { type ManifestLine, readManifest } from './read-manifest.ts';

type Of<K extends RecordKind> = Extract<ManifestRecord, { record: K }>;

/** What a session folder's manifest says in the end: of the records about one thing, the last. */
export class Manifest {
  readonly #records = new Map<string, ManifestRecord>();
  readonly #unknown: Extract<ManifestLine, { kind: 'unknown' }>[] = [];
  readonly #damaged: Extract<ManifestLine, { kind: 'damaged' }>[] = [];
  #unkeyed = 0;

  add(line: ManifestLine): void {
    if (line.kind === 'unknown') this.#unknown.push(line);
    else if (line.kind === 'damaged') this.#damaged.push(line);
    // An id that comes again keeps its first place in the order: captures stay sorted by when they were taken.
    else this.#records.set(recordKey(line.record) ?? `#${this.#unkeyed++}`, line.record);
  }

  /** In order of first appearance. */
  of<K extends RecordKind>(kind: K): Of<K>[] {
    return [...this.#records.values()].filter((record): record is Of<K> => record.record === kind);
  }

  /** All of them, in order of first appearance. */
  get records(): ManifestRecord[] {
    return [...this.#records.values()];
  }

  /** Captures whose files are there: not those removed because their test passed. */
  keptCaptures(): Of<'capture'>[] {
    const removed = new Set(
      this.of('result').flatMap(({ kept, session, captureId }) => (kept ? [] : [`${session}/${captureId}`])),
    );
    return this.of('capture').filter(({ session, id }) => !removed.has(`${session}/${id}`));
  }

  /** Records of a newer version, as they are. */
  get unknown(): readonly Extract<ManifestLine, { kind: 'unknown' }>[] {
    return this.#unknown;
  }

  /** Lines that are no records. */
  get damaged(): readonly Extract<ManifestLine, { kind: 'damaged' }>[] {
    return this.#damaged;
  }
}

/** Reads a session folder's manifest into memory. @throws FirstchanceError when it cannot be read at all */
export async function loadManifest(path: string): Promise<Manifest> {
  const manifest = new Manifest();
  for await (const line of readManifest(path)) manifest.add(line);
  return manifest;
}
