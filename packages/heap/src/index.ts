export { computeDominators, withDominators } from './dominators/compute-dominators.ts';
export type { DominatorGroup } from './dominators/dominated-groups.ts';
export { biggestDominators, type Dominator, type TreeLimits } from './dominators/dominator-tree.ts';
export { type RetainedByType, retainedByType } from './dominators/retained-by-type.ts';
export { retainedTree } from './dominators/retained-tree.ts';
export { HeapFileError, type HeapFileErrorCode } from './errors.ts';
export type { HeapMeta } from './file/meta.ts';
export { openHeapFile, parseHeapFile } from './file/open-heap-file.ts';
export { readHeapMeta } from './file/read-meta.ts';
export { heapFileBytes, writeHeapFile } from './file/write-heap-file.ts';
export { parseGcdump, readGcdump } from './gcdump/read-gcdump.ts';
export { writeGcdump } from './gcdump/write-gcdump.ts';
export {
  type HeapFile,
  type HeapRoots,
  type HeapType,
  NATIVE_KINDS,
  type NativeHoldings,
  type NativeKind,
  type NativeTotal,
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
export { diff, type HeapDiff, type TypeChange } from './growth/diff.ts';
export { isFrameworkModule } from './growth/framework.ts';
export { type ContainerSize, type GrownContainer, grownContainers } from './growth/grown-containers.ts';
export { keeperOf } from './growth/keeper.ts';
export { CURES, type LeakPattern, recognisePattern } from './growth/pattern.ts';
export { type GrowthCandidate, type RankedGrowth, rankGrowth } from './growth/rank-growth.ts';
export { type TypeClass, typeClass } from './growth/type-classes.ts';
export { type NativeOfType, nativeByType } from './native/native-by-type.ts';
export { type NativeGrowth, type NativeOwner, nativeGrowth } from './native/native-growth.ts';
export { fingerprint } from './paths/fingerprint.ts';
export { pathNames, shortTypeName } from './paths/names.ts';
export { newestFirst, type PathGroup, pathGroups } from './paths/path-groups.ts';
export { pathTo, type RootPaths, rootPaths } from './paths/root-paths.ts';
export { type Shape, shapesOf } from './paths/shapes.ts';
export { type TypeSize, typesBySize } from './types-by-size.ts';
