/** A place in source text. */
export interface SourcePosition {
  /** The document's name as the compiler wrote it, an absolute path as a rule; "/_/…" in deterministic builds. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
}

export interface OpenOptions {
  /** Looked for before the places the module itself names. */
  readonly pdb?: string;
}

export interface LocateRequest {
  readonly modulePath: string;
  /** MethodDef token, 0x06xxxxxx. */
  readonly token: number;
  /** Offset of the instruction; for a caller's frame, of the call. */
  readonly ilOffset: number;
  /** Path of the portable PDB, when known. */
  readonly pdb?: string;
}

export interface LocateAwaitRequest extends Omit<LocateRequest, 'token' | 'ilOffset'> {
  /** MethodDef token of the state machine's MoveNext, 0x06xxxxxx. */
  readonly token: number;
  /** What is in the state machine's field `<>1__state`: 0 and up at an await. */
  readonly state: number;
}
