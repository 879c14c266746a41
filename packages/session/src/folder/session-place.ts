import { makePrivateFolder, type PrivateFolder } from '../private-folder/private-folder.ts';
import type { SessionPlan } from '../session-plan.ts';
import { aboutRun, writeSessionFile } from './session-json.ts';

/** Where a session is found: made before it opens, so that others can be told of it at once. */
export interface SessionPlace extends Disposable {
  readonly privateFolder: PrivateFolder;
  /** FIRSTCHANCE_SESSION of workers and targets. */
  readonly agentsFolder: string;
}

/**
 * Makes the private folder and says in session.json where it is; agents find nothing there before the session opens, and go
 * away. Hand `privateFolder` on to the session in its plan. @throws the system's error
 */
export function makeSessionPlace(plan: SessionPlan): SessionPlace {
  const privateFolder = makePrivateFolder();
  try {
    if (plan.shared !== true) {
      const unknown = { ended: null, captureMethods: [], exitCode: null };
      const started = new Date().toISOString();
      writeSessionFile(plan.folder, { ...aboutRun(plan), ...unknown, started, privateFolder: privateFolder.path });
    }
  } catch (error) {
    privateFolder[Symbol.dispose]();
    throw error;
  }
  const agentsFolder = agentsFolderOf(plan, privateFolder);
  return { privateFolder, agentsFolder, [Symbol.dispose]: () => privateFolder[Symbol.dispose]() };
}

/**
 * Agents look for their control file here: the session folder, unless another session that still runs has its agents' file in it
 * already. Then the private folder, and both sessions are whole.
 */
export function agentsFolderOf(plan: Pick<SessionPlan, 'shared' | 'folder'>, privateFolder: PrivateFolder): string {
  return plan.shared === true ? privateFolder.path : plan.folder;
}
