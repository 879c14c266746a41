import { eachInstruction, methodCode } from '../il/instructions.ts';
import { OPCODE } from '../il/operand-bytes.ts';
import type { AssemblyMetadata } from '../metadata/assembly.ts';
import { MalformedSymbols } from '../metadata/byte-cursor.ts';
import { isStateMachine } from '../metadata/compiler-names.ts';
import { TYPE_TABLE } from '../metadata/type-system.ts';
import type { TypeMatch, WantedTypes } from './wanted-types.ts';

/** An instruction that makes an object of one of the asked types. */
export interface CreatingInstruction {
  readonly type: string;
  /** False where the type's arguments are type parameters of the code. */
  readonly exact: boolean;
  /** Row of the MethodDef. */
  readonly method: number;
  readonly ilOffset: number;
  /** Token of the method that a delegate is made for. */
  readonly delegateOf: number | undefined;
  /** The types whose fields and methods the method uses, beside the one that is made. */
  readonly uses: ReadonlySet<string>;
}

const USES = new Set<number>([OPCODE.call, OPCODE.callvirt, OPCODE.ldsfld, OPCODE.ldsflda, OPCODE.stsfld]);
const MOST_FOUND = 10_000;

/**
 * Reads the code of all methods. A body that cannot be read is passed over.
 * @param image the whole file
 * @param offsetOf where in the file something lies
 * @throws MalformedSymbols
 */
export function scanCode(
  image: Uint8Array,
  offsetOf: (rva: number) => number,
  assembly: AssemblyMetadata,
  wanted: WantedTypes,
): CreatingInstruction[] {
  const found: CreatingInstruction[] = [];
  // Bodies do not overlap as a rule; in a hostile file each of a million methods could have the same large one.
  let left = image.length * 2;
  for (let method = 1; method <= assembly.tables.rows(TYPE_TABLE.methodDef); method += 1) {
    const [rva = 0] = assembly.tables.row(TYPE_TABLE.methodDef, method);
    if (rva === 0 || wanted.isClone(method)) continue;
    try {
      const code = methodCode(image, offsetOf(rva));
      left -= code.length;
      if (left < 0) throw new MalformedSymbols('the bodies of methods lie over each other');
      found.push(...scanMethod(code, method, assembly, wanted));
    } catch (error) {
      if (!(error instanceof MalformedSymbols) || left < 0) throw error;
    }
    if (found.length > MOST_FOUND) throw new MalformedSymbols('more places than anybody can look at');
  }
  return found;
}

function scanMethod(
  code: Uint8Array,
  method: number,
  assembly: AssemblyMetadata,
  wanted: WantedTypes,
): CreatingInstruction[] {
  const made: Omit<CreatingInstruction, 'uses'>[] = [];
  let pointer = { token: 0, end: -1 };
  eachInstruction(code, (ilOffset, opcode, token, end) => {
    if (opcode === OPCODE.ldftn || opcode === OPCODE.ldvirtftn) pointer = { token, end };
    const matches = madeBy(opcode, token, wanted);
    const delegateOf = opcode === OPCODE.newobj && pointer.end === ilOffset ? pointer.token : undefined;
    for (const match of matches)
      if (!isStateMachine(match.type) || !wanted.isOfType(method, match.type))
        made.push({ ...match, method, ilOffset, delegateOf });
  });
  if (made.length === 0) return [];
  const uses = usedTypes(code, assembly, new Set(made.map(({ type }) => type)));
  return made.map((one) => ({ ...one, uses }));
}

function madeBy(opcode: number, token: number, wanted: WantedTypes): readonly TypeMatch[] {
  switch (opcode) {
    case OPCODE.newobj:
      return wanted.constructed(token);
    case OPCODE.newarr:
      return wanted.arrayOf(token);
    case OPCODE.call:
    case OPCODE.callvirt:
      return wanted.madeByCall(token);
    default:
      return NOTHING;
  }
}

const NOTHING: readonly TypeMatch[] = [];

function usedTypes(code: Uint8Array, assembly: AssemblyMetadata, made: ReadonlySet<string>): Set<string> {
  const uses = new Set<string>();
  eachInstruction(code, (_offset, opcode, token) => {
    if (!USES.has(opcode)) return;
    try {
      const type = assembly.typeOfMember(token);
      const name = type && assembly.names.of(type.table, type.row).name;
      if (name !== undefined && !made.has(name)) uses.add(name);
    } catch (error) {
      if (!(error instanceof MalformedSymbols)) throw error;
    }
  });
  return uses;
}
