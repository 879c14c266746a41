import type { Connection } from './connection.ts';
import type { Deadline } from './deadline.ts';

/** A runtime that can be connected to: by its own socket, or through a reverse port. */
export interface Endpoint {
  /** For messages: "process 1234". */
  readonly name: string;
  /** Where the target's "/" lies as seen from here; empty when both see the same. */
  readonly root: string;
  /** A fresh connection: the protocol allows one command on each. @throws DiagnosticsError */
  open(deadline: Deadline): Promise<Connection>;
  /** Whether hasEnded() can ever be true: the process can be seen from here. */
  readonly canEnd: boolean;
  /** True when the process is known to have ended. */
  hasEnded(): boolean;
}
