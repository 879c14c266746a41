import { ByteCursor } from '../metadata/byte-cursor.ts';

export interface SequencePoint {
  readonly ilOffset: number;
  /** Row in the Document table. */
  readonly document: number;
  readonly line: number;
  readonly column: number;
  /** Code the compiler made that belongs to no source text; line and column are 0. */
  readonly isHidden: boolean;
}

/**
 * Decodes a sequence points blob (PortablePdb-Metadata.md, "Sequence Points Blob").
 * @param document the method's only document, or 0 when the blob names documents itself
 * @throws MalformedSymbols
 */
export function* readSequencePoints(blob: Uint8Array, document: number): Generator<SequencePoint, void, undefined> {
  const cursor = new ByteCursor(blob);
  cursor.compressed(); // local signature
  let currentDocument = document === 0 ? cursor.compressed() : document;
  let ilOffset = 0;
  let line: number | undefined;
  let column = 0;
  for (let isFirst = true; cursor.remaining > 0; ) {
    const offsetDelta = cursor.compressed();
    // No distance, but not the first record: the document changes here.
    if (offsetDelta === 0 && !isFirst) {
      currentDocument = cursor.compressed();
      continue;
    }
    isFirst = false;
    ilOffset += offsetDelta;
    const lines = cursor.compressed();
    const columns = lines === 0 ? cursor.compressed() : cursor.compressedSigned();
    if (lines === 0 && columns === 0) {
      yield { ilOffset, document: currentDocument, line: 0, column: 0, isHidden: true };
      continue;
    }
    // Counted from the previous point that is not hidden.
    if (line === undefined) {
      line = cursor.compressed();
      column = cursor.compressed();
    } else {
      line += cursor.compressedSigned();
      column += cursor.compressedSigned();
    }
    yield { ilOffset, document: currentDocument, line, column, isHidden: false };
  }
}
