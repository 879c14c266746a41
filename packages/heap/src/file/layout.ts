/** docs/heap-file.md in code. */
export const MAGIC: readonly number[] = [0x46, 0x43, 0x48, 0x45, 0x41, 0x50, 0x00, 0x01];
export const VERSION = 1;
export const HEADER_BYTES = 32;
export const ENTRY_BYTES = 24;
/** Far more than the table has; a header that claims more is damaged. */
export const MOST_SECTIONS = 1024;

export const SECTIONS = {
  meta: { id: 1, elementBytes: 1 },
  strings: { id: 2, elementBytes: 1 },
  types: { id: 3, elementBytes: 20 },
  methodTables: { id: 4, elementBytes: 8 },
  address: { id: 5, elementBytes: 8 },
  type: { id: 6, elementBytes: 4 },
  size8: { id: 7, elementBytes: 4 },
  firstEdge: { id: 8, elementBytes: 4 },
  edges: { id: 9, elementBytes: 4 },
  rootNode: { id: 10, elementBytes: 4 },
  rootKind: { id: 11, elementBytes: 1 },
  rootName: { id: 12, elementBytes: 8 },
  idom: { id: 13, elementBytes: 4 },
  retained: { id: 14, elementBytes: 8 },
  unreachable: { id: 15, elementBytes: 24 },
  native: { id: 16, elementBytes: 16 },
} as const;
export type SectionName = keyof typeof SECTIONS;
export const SECTION_NAMES = Object.keys(SECTIONS) as SectionName[];

export const TYPE_IS_ARRAY = 1;
export const TYPE_IS_STRING = 2;
