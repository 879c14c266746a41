import { type HeapFile, type HeapType, shortTypeName } from '@firstchance/heap';
import { UsageError } from '@firstchance/model';
import { harmless } from '@firstchance/report';

const SOME = 5;

/** The type a person means: its full name, else its short one ("List<Session>"), else the only one that contains the text. */
export function findType(heap: HeapFile, text: string): HeapType {
  const present = new Set(heap.type);
  const types = heap.types.filter((_type, index) => present.has(index));
  const lower = text.toLowerCase();
  const ways: ((type: HeapType) => boolean)[] = [
    ({ name }) => name === text,
    ({ name }) => shortTypeName(name) === text,
    ({ name }) => name.toLowerCase().includes(lower),
  ];
  for (const fits of ways) {
    const found = new Map(types.filter(fits).map((type) => [type.name, type]));
    const [only] = found.values();
    if (only && found.size === 1) return only;
    if (found.size > 1) {
      const names = [...found.keys()].sort((a, b) => a.length - b.length).map(harmless);
      const rest = names.length > SOME ? ` and ${names.length - SOME} more` : '';
      throw new UsageError(`"${text}" may be ${names.slice(0, SOME).join(' or ')}${rest}; give the full name`);
    }
  }
  throw new UsageError(`no object of a type "${text}" is in use; firstchance heap FILE lists the types`);
}
