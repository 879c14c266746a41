import type { ProcessFacts } from '@firstchance/model';
import { readCommandLine } from '@firstchance/target';
import type { SessionPorts } from '../ports.ts';
import type { Session } from '../session.ts';

/**
 * Takes a process into the session that runs already and that nobody told of: the agent is loaded unless it is there.
 * @throws the diagnostics client's error
 */
export async function adoptProcess(
  session: Session,
  pid: number,
  describe: SessionPorts['describe'],
): Promise<ProcessFacts> {
  session.dotnetSeen(pid, readCommandLine(pid), { expectAgent: false });
  if (!session.hasAgent(pid)) await session.loadAgent(pid);
  return await describe(pid);
}
