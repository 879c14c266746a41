import type { SessionOptions } from './options.ts';
import type { PrivateFolder } from './private-folder/private-folder.ts';

/** What a session is told before it opens. */
export interface SessionPlan {
  readonly options: SessionOptions;
  readonly sessionId: string;
  /** Absolute, exists, mode 0700. */
  readonly folder: string;
  /** Another session runs in the same folder: session.json and the agents' control file there are its own. */
  readonly shared?: boolean;
  /** Made already; the session removes it at its end. */
  readonly privateFolder?: PrivateFolder;
  readonly command: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
}
