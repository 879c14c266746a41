import { ByteCursor } from './metadata/byte-cursor.ts';
import { ownersOfMethods } from './metadata/method-owners.ts';
import { readStreams } from './metadata/streams.ts';
import { decode, TYPE_TABLE, TypeSystem } from './metadata/type-system.ts';
import { metadataRange, readAssemblyFile } from './pe/assembly-file.ts';
import { readSlice } from './pe/file-slice.ts';

const MAXIMUM_METADATA_BYTES = 256 * 1024 * 1024;
const MAXIMUM_NAME_BYTES = 4096;
/** A chain of base classes longer than this is a circle. */
const MAXIMUM_BASES = 32;

/** Attributes of xunit, NUnit and MSTest that make a method a test; those that derive from them count too. */
const TEST_ATTRIBUTES = new Set([
  ...['Fact', 'Theory', 'Test', 'TestCase', 'TestCaseSource', 'TestMethod', 'DataTestMethod', 'STATestMethod'].map(
    (name) => `${name}Attribute`,
  ),
]);

/**
 * Test methods of an assembly by their attributes, "Suite.OrderTests.Fails"; of a nested class "Inner.Fails": neither its
 * namespace nor the classes around it are in its own row. Null when the file is no assembly that can be read.
 */
export async function readTestMethods(modulePath: string): Promise<ReadonlySet<string> | null> {
  return await readAssemblyFile(modulePath, async (file, headers) => {
    const { offset, size } = await metadataRange(file, headers);
    return size > MAXIMUM_METADATA_BYTES ? null : testMethods(await readSlice(file, offset, size));
  });
}

/** @param metadata from its signature on @throws MalformedSymbols */
export function testMethods(metadata: Uint8Array): ReadonlySet<string> {
  const streams = readStreams(metadata);
  const tables = new TypeSystem(streams.get('#~') ?? new Uint8Array(0));
  const strings = streams.get('#Strings') ?? new Uint8Array(0);
  const text = (index = 0) => new ByteCursor(strings, index).terminated(MAXIMUM_NAME_BYTES);
  const isTest = (table: number, row: number, depth = 0): boolean => {
    if (depth > MAXIMUM_BASES) return false;
    if (table !== TYPE_TABLE.typeRef && table !== TYPE_TABLE.typeDef) return false;
    if (TEST_ATTRIBUTES.has(text(tables.row(table, row)[1]))) return true;
    if (table === TYPE_TABLE.typeRef) return false;
    const base = decode('typeDefOrRef', tables.row(table, row)[3] ?? 0);
    return base !== undefined && isTest(base.table, base.row, depth + 1);
  };
  const owners = ownersOfMethods(tables);
  const found = new Set<string>();
  for (let row = 1; row <= tables.rows(TYPE_TABLE.customAttribute); row += 1) {
    const [parent = 0, type = 0] = tables.row(TYPE_TABLE.customAttribute, row);
    const on = decode('hasCustomAttribute', parent);
    if (on?.table !== TYPE_TABLE.methodDef) continue;
    const attribute = attributeType(tables, owners, type);
    if (!attribute || !isTest(attribute.table, attribute.row)) continue;
    const [, name, namespace] = tables.row(TYPE_TABLE.typeDef, owners[on.row] ?? 0);
    const owner = [text(namespace), text(name).replace(/`\d+$/, '')].filter((part) => part !== '').join('.');
    found.add(`${owner}.${text(tables.row(TYPE_TABLE.methodDef, on.row)[3])}`);
  }
  return found;
}

/** The class of an attribute's constructor. */
function attributeType(tables: TypeSystem, owners: readonly number[], coded: number) {
  const made = decode('customAttributeType', coded);
  if (!made) return undefined;
  if (made.table === TYPE_TABLE.methodDef) return { table: TYPE_TABLE.typeDef, row: owners[made.row] ?? 0 };
  return decode('memberRefParent', tables.row(TYPE_TABLE.memberRef, made.row)[0] ?? 0);
}
