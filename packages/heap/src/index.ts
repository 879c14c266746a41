export { computeDominators, withDominators } from './dominators/compute-dominators.ts';
export { retainedByType } from './dominators/retained-by-type.ts';
export { HeapFileError, type HeapFileErrorCode } from './errors.ts';
export type { HeapMeta } from './file/meta.ts';
export { openHeapFile, parseHeapFile } from './file/open-heap-file.ts';
export { heapFileBytes, writeHeapFile } from './file/write-heap-file.ts';
export {
  type HeapFile,
  type HeapRoots,
  type HeapType,
  NO_NODE,
  nodeAt,
  ROOT_KINDS,
  type RootKind,
  rootKind,
  sizeOf,
  typeOf,
  type Unreachable,
} from './graph/heap.ts';
export { type ReverseEdges, referrers, reverseEdges } from './graph/reverse-edges.ts';
export { nodesOfType } from './graph/type-groups.ts';
export { Uint64Column } from './graph/uint64-column.ts';
export { type TypeSize, typesBySize } from './types-by-size.ts';
