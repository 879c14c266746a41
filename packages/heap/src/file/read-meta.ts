import { ENTRY_BYTES, HEADER_BYTES, MOST_SECTIONS } from './layout.ts';
import { type HeapMeta, MAXIMUM_META_BYTES, parseMeta } from './meta.ts';
import { openRegular, readPart, readWhole } from './read-bytes.ts';
import { checkHeader, readSections, refuser } from './sections.ts';

/** What a heap file says of its process, without its objects: a file of gigabytes is not read for it. @throws HeapFileError */
export async function readHeapMeta(path: string): Promise<HeapMeta> {
  const { handle, size } = await openRegular(path);
  try {
    const head = await readWhole(handle, path, Math.min(size, HEADER_BYTES + MOST_SECTIONS * ENTRY_BYTES));
    const refuse = refuser(path);
    const length = checkHeader(new Uint8Array(head, 0, Math.min(size, HEADER_BYTES)), size, refuse);
    const section = readSections(head, refuse, length).meta;
    if (!section) throw refuse('heap-file-damaged', 'section "meta" is missing');
    const bytes = await readPart(handle, path, section.offset, Math.min(section.count, MAXIMUM_META_BYTES + 1));
    const parsed = parseMeta(bytes);
    if (!parsed.ok) throw refuse('heap-file-damaged', `section "meta" cannot be read (${parsed.problem})`);
    return parsed.value;
  } finally {
    await handle.close();
  }
}
