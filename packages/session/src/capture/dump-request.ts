import type { DumpRequest } from '../engine-port.ts';

/** The dump of a capture that no exception caused: `auto` is for those that have a place to stay near. */
export function withoutException(dump: DumpRequest | null): DumpRequest | null {
  return dump?.kind === 'auto' ? { ...dump, kind: 'heap' } : dump;
}
