import { ByteCursor, utf8 } from '../metadata/byte-cursor.ts';
import { Heaps } from '../metadata/heaps.ts';
import { readStreams } from '../metadata/streams.ts';
import { TABLE, Tables } from '../metadata/tables.ts';
import type { SourcePosition } from '../types.ts';
import { ASYNC_STEPPING_KIND, readYieldOffsets } from './await-points.ts';
import { readPdbStream } from './pdb-stream.ts';
import { readSequencePoints, type SequencePoint } from './sequence-points.ts';

/** No path is longer; a hostile name could repeat one part thousands of times. */
const MAXIMUM_NAME_PARTS = 4096;
const MAXIMUM_NAME_LENGTH = 32_768;
/** {CC110556-A091-4D38-9FEC-25AB9A351A6A} in the order of its bytes. */
const SOURCE_LINK_KIND = '560511cc91a0384d9fec25ab9a351a6a';
const MODULE_TAG = 7;
const METHOD_TAG = 0;

/** A portable PDB in memory. Its bytes were not written by us: the methods throw MalformedSymbols on any contradiction. */
export class PortablePdb {
  /** 20 bytes as hexadecimal digits. */
  readonly id: string;
  readonly byteLength: number;
  readonly #heaps: Heaps;
  readonly #tables: Tables;
  readonly #documents = new Map<number, string>();
  #kickoffs: Map<number, number> | undefined;
  #asyncMethods: Map<number, number> | undefined;

  constructor(image: Uint8Array) {
    const streams = readStreams(image);
    const { id, typeSystemRows } = readPdbStream(streams.get('#Pdb'));
    this.id = id;
    this.byteLength = image.byteLength;
    this.#heaps = new Heaps(streams);
    this.#tables = new Tables(streams.get('#~') ?? new Uint8Array(0), typeSystemRows);
  }

  /** All sequence points of a MethodDef row; none for a method without source. */
  *sequencePoints(methodRow: number): Generator<SequencePoint, void, undefined> {
    const [document = 0, blob = 0] = this.#tables.row(TABLE.methodDebugInformation, methodRow) ?? [];
    if (blob !== 0) yield* readSequencePoints(this.#heaps.blob(blob), document);
  }

  /**
   * Source of an instruction: of the last point at or before it that is not hidden, as the runtime's own stack traces do it.
   */
  lookup(methodRow: number, ilOffset: number): SourcePosition | null {
    let best: SequencePoint | undefined;
    for (const point of this.sequencePoints(methodRow)) {
      if (point.ilOffset > ilOffset) break;
      if (!point.isHidden) best = point;
    }
    return best ? this.#position(best) : null;
  }

  /** The first point of a method that is not hidden. */
  firstLine(methodRow: number): SourcePosition | null {
    for (const point of this.sequencePoints(methodRow)) if (!point.isHidden) return this.#position(point);
    return null;
  }

  #position({ document, line, column }: SequencePoint): SourcePosition | null {
    const file = this.documentName(document);
    return file === null ? null : { file, line, column };
  }

  documentName(row: number): string | null {
    const known = this.#documents.get(row);
    if (known !== undefined) return known;
    const [name] = this.#tables.row(TABLE.document, row) ?? [];
    if (name === undefined) return null;
    const text = this.#decodeName(this.#heaps.blob(name));
    this.#documents.set(row, text);
    return text;
  }

  /** A separator (0: none), then parts as indices into the blob heap. */
  #decodeName(blob: Uint8Array): string {
    const cursor = new ByteCursor(blob);
    if (cursor.remaining === 0) return '';
    // The separator is one UTF-8 character, in practice "/" or "\".
    const first = cursor.u8();
    const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    const separator = first === 0 ? '' : utf8(Buffer.concat([Buffer.of(first), cursor.bytes(more)]));
    let name = '';
    for (let index = 0; cursor.remaining > 0 && index < MAXIMUM_NAME_PARTS; index++) {
      if (index > 0) name += separator;
      name += utf8(this.#heaps.blob(cursor.compressed()).subarray(0, MAXIMUM_NAME_LENGTH));
      if (name.length > MAXIMUM_NAME_LENGTH) return name.slice(0, MAXIMUM_NAME_LENGTH);
    }
    return name;
  }

  /** Row of the async or iterator method a MoveNext method was made from; null for every other method. */
  kickoffMethod(moveNextRow: number): number | null {
    this.#kickoffs ??= this.#readKickoffs();
    return this.#kickoffs.get(moveNextRow) ?? null;
  }

  /** Row of the MoveNext method that was made from an async or iterator method; null for every other method. */
  moveNext(kickoffRow: number): number | null {
    this.#kickoffs ??= this.#readKickoffs();
    for (const [moveNext, kickoff] of this.#kickoffs) if (kickoff === kickoffRow) return moveNext;
    return null;
  }

  #readKickoffs(): Map<number, number> {
    const result = new Map<number, number>();
    for (let row = 1; row <= this.#tables.rows(TABLE.stateMachineMethod); row++) {
      const [moveNext = 0, kickoff = 0] = this.#tables.row(TABLE.stateMachineMethod, row) ?? [];
      result.set(moveNext, kickoff);
    }
    return result;
  }

  /** Where an async method's MoveNext leaves at its awaits, as IL offsets; none for every other method. */
  yieldOffsets(moveNextRow: number): readonly number[] {
    this.#asyncMethods ??= this.#readAsyncMethods();
    const blob = this.#asyncMethods.get(moveNextRow);
    return blob === undefined ? [] : readYieldOffsets(this.#heaps.blob(blob));
  }

  /** Blobs of stepping information by method. */
  #readAsyncMethods(): Map<number, number> {
    const result = new Map<number, number>();
    for (let row = 1; row <= this.#tables.rows(TABLE.customDebugInformation); row++) {
      const [parent = 0, kind = 0, value = 0] = this.#tables.row(TABLE.customDebugInformation, row) ?? [];
      if ((parent & 0x1f) !== METHOD_TAG || kind === 0) continue;
      if (this.#heaps.guid(kind) === ASYNC_STEPPING_KIND) result.set(parent >>> 5, value);
    }
    return result;
  }

  /** The SourceLink document (JSON text: which URL holds which source path); null when there is none. */
  sourceLink(): string | null {
    for (let row = 1; row <= this.#tables.rows(TABLE.customDebugInformation); row++) {
      const [parent = 0, kind = 0, value = 0] = this.#tables.row(TABLE.customDebugInformation, row) ?? [];
      if ((parent & 0x1f) !== MODULE_TAG || kind === 0) continue;
      if (this.#heaps.guid(kind) === SOURCE_LINK_KIND) return utf8(this.#heaps.blob(value));
    }
    return null;
  }
}
