import { type Explanation, FirstchanceError } from '@firstchance/model';

/** Why a heap file or .gcdump cannot be used. */
export type HeapFileErrorCode =
  | 'heap-file-unreadable'
  | 'heap-file-unknown'
  | 'heap-file-version'
  | 'heap-file-cut-off'
  | 'heap-file-damaged'
  | 'heap-file-too-large';

/** A heap file or .gcdump that cannot be read or written; `message` says which file and what is wrong with it. */
export class HeapFileError extends FirstchanceError {
  override readonly name = 'HeapFileError';
  declare readonly code: HeapFileErrorCode;

  constructor(
    explanation: Pick<Explanation, 'what' | 'why'> & { code: HeapFileErrorCode; cure?: string },
    options?: { cause?: unknown },
  ) {
    super(explanation, options);
  }
}
