import { type FileHandle, open } from 'node:fs/promises';
import { MalformedSymbols } from './metadata/byte-cursor.ts';
import { findPdb } from './pdb/find-pdb.ts';
import type { PortablePdb } from './pdb/portable-pdb.ts';
import { readDebugDirectory } from './pe/debug-directory.ts';
import type { OpenOptions, SourcePosition } from './types.ts';

const METHOD_DEF_TOKEN = 0x0600_0000;

/**
 * Source positions of one module, from its portable PDB. It holds the PDB in memory and no file open.
 * Symbols that are missing, belong to another build or cannot be read are never an error: null is.
 */
export class SymbolReader {
  readonly #pdb: PortablePdb;

  private constructor(pdb: PortablePdb) {
    this.#pdb = pdb;
  }

  /**
   * Finds the PDB beside the module, where it was compiled, or inside the module; its id must be the one the module names.
   * Null when there is none, the module is no PE image, or either cannot be read.
   */
  static async open(modulePath: string, options: OpenOptions = {}): Promise<SymbolReader | null> {
    let module: FileHandle;
    try {
      module = await open(modulePath);
    } catch {
      return null;
    }
    try {
      if (!(await module.stat()).isFile()) return null;
      const pdb = await findPdb(modulePath, module, await readDebugDirectory(module), options.pdb);
      return pdb && new SymbolReader(pdb);
    } catch (error) {
      if (error instanceof MalformedSymbols || isSystemError(error)) return null;
      throw error;
    } finally {
      await module.close();
    }
  }

  /** Bytes of memory the symbols take. */
  get byteLength(): number {
    return this.#pdb.byteLength;
  }

  /** 20-byte id of the PDB as hexadecimal digits. */
  get pdbId(): string {
    return this.#pdb.id;
  }

  /** Source of the instruction at `ilOffset` of a MethodDef (0x06xxxxxx); null for a method without source. */
  lookup(methodToken: number, ilOffset: number): SourcePosition | null {
    const row = methodRow(methodToken);
    return row === null || !(ilOffset >= 0) ? null : orNull(() => this.#pdb.lookup(row, ilOffset));
  }

  /** Token of the async or iterator method whose state machine's MoveNext this is; null for every other method. */
  kickoffMethod(methodToken: number): number | null {
    const row = methodRow(methodToken);
    const kickoff = row === null ? null : orNull(() => this.#pdb.kickoffMethod(row));
    return kickoff === null ? null : METHOD_DEF_TOKEN + kickoff;
  }

  /**
   * Where the MoveNext of an async method leaves at its awaits: IL offsets, in no order that is promised. None for every other
   * method, and where symbols do not tell (those of C# do).
   */
  yieldOffsets(methodToken: number): readonly number[] {
    const row = methodRow(methodToken);
    return (row === null ? null : orNull(() => this.#pdb.yieldOffsets(row))) ?? [];
  }

  /** Where a method's source begins, for instructions that the compiler ascribes to no line; null for one without source. */
  firstLine(methodToken: number): SourcePosition | null {
    const row = methodRow(methodToken);
    return row === null ? null : orNull(() => this.#pdb.firstLine(row));
  }

  /** Token of the MoveNext that holds the code of an async or iterator method; null for every other method. */
  stateMachineOf(kickoffToken: number): number | null {
    const row = methodRow(kickoffToken);
    const moveNext = row === null ? null : orNull(() => this.#pdb.moveNext(row));
    return moveNext === null ? null : METHOD_DEF_TOKEN + moveNext;
  }

  /** The SourceLink document, JSON text; null when there is none. */
  sourceLink(): string | null {
    return orNull(() => this.#pdb.sourceLink());
  }
}

function methodRow(token: number): number | null {
  return token > METHOD_DEF_TOKEN && token <= METHOD_DEF_TOKEN + 0xff_ffff ? token - METHOD_DEF_TOKEN : null;
}

function orNull<T>(read: () => T | null): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedSymbols) return null;
    throw error;
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
