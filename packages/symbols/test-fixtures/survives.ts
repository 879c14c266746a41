import { MalformedSymbols } from '../src/metadata/byte-cursor.ts';

/** Whether something could be read; what is malformed may not, any other error is passed on. */
export function survives(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (!(error instanceof MalformedSymbols)) throw error;
    return false;
  }
}
