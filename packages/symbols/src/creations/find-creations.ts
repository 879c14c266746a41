import { AssemblyMetadata } from '../metadata/assembly.ts';
import { ByteCursor } from '../metadata/byte-cursor.ts';
import { MethodNames } from '../metadata/method-names.ts';
import { metadataRange, readAssemblyFile } from '../pe/assembly-file.ts';
import { readSlice } from '../pe/file-slice.ts';
import { SymbolReader } from '../symbol-reader.ts';
import type { SourcePosition } from '../types.ts';
import { type CreatingInstruction, scanCode } from './scan-code.ts';
import { WantedTypes } from './wanted-types.ts';

/** Assemblies of programs are smaller; generated ones may be huge, and reading them would take seconds. */
const MAXIMUM_FILE_BYTES = 64 * 1024 * 1024;
const METHOD_DEF_TOKEN = 0x0600_0000;

/** A place in an assembly's code that makes objects of a type. */
export interface Creation {
  /** One of the asked types. */
  readonly type: string;
  /** False where type parameters of the code stand for the type's arguments: it may make objects of other types only. */
  readonly exact: boolean;
  /** In the style of frames, without parameters: "Shop.Cache<T>.Add"; of an async method or iterator its own name. */
  readonly method: string;
  /** MethodDef token and offset of the instruction. */
  readonly token: number;
  readonly ilOffset: number;
  /** Null without symbols. */
  readonly source: SourcePosition | null;
  /** The method that a delegate is made for. */
  readonly delegateOf: string | null;
  /** The type in whose source text the method stands, with backticks: "Shop.Cache`1". */
  readonly within: string;
  /** The other types whose fields and methods the method uses. */
  readonly uses: ReadonlySet<string>;
}

export interface Creations {
  readonly creations: readonly Creation[];
  /** Those of the asked types that are structures of this assembly: they are put on the heap where they are boxed, not where they are made. */
  readonly structures: readonly string[];
}

export interface FindCreationsOptions {
  /** Module version id, lower case with dashes: an assembly of another build is not read. */
  readonly mvid?: string;
}

/**
 * All places in an assembly's code that make objects of the given types with `new`: constructors, and arrays. Not found are objects
 * that are made by other means: boxing, reflection, `new T()`, deserializers, other assemblies.
 * @param typeNames as the engine writes them, "Shop.Cache<Shop.Page>+Entry"
 * @returns null when the file is no assembly that can be read, or one of another build
 */
export async function findCreations(
  assemblyFile: string,
  typeNames: Iterable<string>,
  options: FindCreationsOptions = {},
): Promise<Creations | null> {
  return await readAssemblyFile(assemblyFile, async (file, headers) => {
    const { size } = await file.stat();
    if (size > MAXIMUM_FILE_BYTES) return null;
    const image = await readSlice(file, 0, size);
    const metadata = await metadataRange(file, headers);
    const assembly = new AssemblyMetadata(new ByteCursor(image, metadata.offset).bytes(metadata.size));
    if (options.mvid !== undefined && assembly.mvid !== options.mvid) return null;
    const wanted = new WantedTypes(assembly, new Set(typeNames));
    if (!wanted.occur) return { creations: [], structures: [] };
    const instructions = scanCode(image, headers.offsetOf, assembly, wanted);
    const symbols = instructions.length === 0 ? null : await SymbolReader.open(assemblyFile);
    const names = new MethodNames(assembly);
    return {
      creations: instructions.map((one) => describe(one, names, symbols)),
      structures: wanted.structures(),
    };
  });
}

function describe(found: CreatingInstruction, names: MethodNames, symbols: SymbolReader | null): Creation {
  const { type, exact, method, ilOffset, uses } = found;
  const token = METHOD_DEF_TOKEN + method;
  const kickoff = symbols?.kickoffMethod(token) ?? null;
  return {
    ...{ type, exact, token, ilOffset, uses },
    method:
      kickoff === null ? (names.ofStateMachine(method) ?? names.of(method)) : names.of(kickoff - METHOD_DEF_TOKEN),
    source: symbols && sourceOf(symbols, token, ilOffset),
    delegateOf: found.delegateOf === undefined ? null : (names.byToken(found.delegateOf) ?? null),
    within: names.sourceType(method),
  };
}

/** Closures are made before the first line, state machines in a method that has none: then where the source text begins. */
function sourceOf(symbols: SymbolReader, token: number, ilOffset: number): SourcePosition | null {
  const at = symbols.lookup(token, ilOffset) ?? symbols.firstLine(token);
  if (at) return at;
  const machine = symbols.stateMachineOf(token);
  return machine === null ? null : symbols.firstLine(machine);
}
