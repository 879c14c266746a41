export { type Creation, type Creations, type FindCreationsOptions, findCreations } from './creations/find-creations.ts';
export { SourceLocator, type SourceLocatorOptions } from './locate/source-locator.ts';
export { SymbolReader } from './symbol-reader.ts';
export { readTestMethods } from './test-methods.ts';
export type { LocateAwaitRequest, LocateRequest, OpenOptions, SourcePosition } from './types.ts';
