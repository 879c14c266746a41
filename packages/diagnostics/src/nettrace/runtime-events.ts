import { ByteReader, MalformedBytes } from '../wire/byte-reader.ts';
import type { TraceEvent } from './types.ts';

/** Provider of the runtime's own events; their layouts stand in dotnet/runtime src/coreclr/vm/ClrEtwAll.man. */
export const RUNTIME_PROVIDER = 'Microsoft-Windows-DotNETRuntime';
/** Keyword of ExceptionThrown and its kin. */
export const EXCEPTION_KEYWORD = 0x8000n;
const EXCEPTION_THROWN_ID = 80;

/** A first-chance exception as the runtime reports it, some 100 ms after the throw. */
export interface ExceptionThrown {
  readonly type: string;
  readonly message: string;
  /** Signed, as .NET shows it. */
  readonly hresult: number;
  readonly hasInnerException: boolean;
  readonly isNested: boolean;
  readonly isRethrown: boolean;
  /** Address of the throwing instruction; 0 from .NET 9 on. */
  readonly address: bigint;
}

/** Decodes ExceptionThrown_V1; null for every other event. */
export function decodeExceptionThrown(
  event: Pick<TraceEvent, 'type' | 'payload'>,
  pointerBytes: 4 | 8 = 8,
): ExceptionThrown | null {
  const { provider, id, version } = event.type;
  if (provider !== RUNTIME_PROVIDER || id !== EXCEPTION_THROWN_ID || version < 1) return null;
  try {
    const reader = new ByteReader(event.payload);
    const type = reader.terminatedString();
    const message = reader.terminatedString();
    const address = pointerBytes === 8 ? reader.u64() : BigInt(reader.u32());
    const hresult = reader.i32();
    const flags = reader.u16();
    const [hasInnerException, isNested, isRethrown] = [1, 2, 4].map((bit) => (flags & bit) !== 0) as [
      boolean,
      boolean,
      boolean,
    ];
    return { type, message, hresult, hasInnerException, isNested, isRethrown, address };
  } catch (error) {
    if (error instanceof MalformedBytes) return null;
    throw error;
  }
}
