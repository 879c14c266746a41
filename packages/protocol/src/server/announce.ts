import { makeSessionPlace, type SessionPlace, type SessionPlan, sessionEnvironment } from '@firstchance/session';
import type { AgentEnvironment } from '@firstchance/target';
import { Door } from './door.ts';
import type { Ready } from './request.ts';

export interface AnnounceRequest {
  readonly plan: SessionPlan;
  readonly environment: NodeJS.ProcessEnv;
  /** Undefined: there is no engine here. */
  readonly agent: AgentEnvironment | undefined;
  readonly logFile?: string;
}

/** A session that others can be told of, though it is not open yet: workers may connect, and wait. */
export interface Announced extends Disposable {
  readonly ready: Ready;
  readonly place: SessionPlace;
  readonly door: Door;
}

/** Does what a runner waits for before it starts its workers, and no more. @throws the system's error */
export async function announceSession(request: AnnounceRequest): Promise<Announced> {
  const place = makeSessionPlace(request.plan);
  try {
    const door = await Door.open(place.privateFolder.path);
    const ready = { folder: request.plan.folder, environment: workerEnvironment(request, place.agentsFolder) };
    const dispose = () => {
      door[Symbol.dispose]();
      place[Symbol.dispose]();
    };
    return { ready, place, door, [Symbol.dispose]: dispose };
  } catch (error) {
    place[Symbol.dispose]();
    throw error;
  }
}

/** What differs from our own environment: the runner sets it for its workers and what they start. */
function workerEnvironment(request: AnnounceRequest, sessionFolder: string): Record<string, string> {
  const { plan, environment, agent } = request;
  // The runner may start anything, builds too.
  const full = sessionEnvironment({ ...request, plan: { ...plan, command: ['node'] } }, sessionFolder, agent);
  return Object.fromEntries(
    Object.entries(full).flatMap(([name, value]) =>
      value === undefined || value === environment[name] ? [] : [[name, value]],
    ),
  );
}
