import { ByteReader, MalformedBytes } from '../wire/byte-reader.ts';

/** "ADVR_V1" and a NUL, cookie, pid, 2 bytes for later (ipc-protocol.md, "Diagnostic Ports"). */
export const ADVERTISE_BYTES = 34;
const MAGIC = 'ADVR_V1\0';

export interface Advertisement {
  /** Names the runtime instance: every connection it opens carries the same. */
  readonly runtimeCookie: string;
  /** Pid in the target's own namespace. */
  readonly processId: number;
}

/** @throws MalformedBytes */
export function decodeAdvertise(bytes: Uint8Array): Advertisement {
  const reader = new ByteReader(bytes);
  const magic = Buffer.from(reader.bytes(MAGIC.length)).toString('latin1');
  if (magic !== MAGIC) throw new MalformedBytes('the connection does not begin with ADVR_V1');
  const runtimeCookie = reader.guid();
  const processId = reader.u64();
  reader.u16();
  if (processId > BigInt(Number.MAX_SAFE_INTEGER)) throw new MalformedBytes(`process id ${processId}`);
  return { runtimeCookie, processId: Number(processId) };
}
