import { errorCode } from '@firstchance/model';
import { processName } from '@firstchance/target';
import { agentFilter, quietFilter } from '../agents/filter.ts';
import { AGENT_STAYS, agentPaths, connectedInTime } from '../agents/permission.ts';
import type { Census, CensusRequest, EngineListener, SessionEngine } from '../engine-port.ts';
import { DEFAULT_OPTIONS } from '../options.ts';
import type { SessionPorts } from '../ports.ts';
import { makePrivateFolder } from '../private-folder/private-folder.ts';

/**
 * One census by an engine of its own. Where only tracing is refused, the agent is loaded into the process first, which
 * then permits it.
 *
 * @throws the engine's error; the first one when the agent cannot be loaded either
 */
export async function takeCensus(
  request: CensusRequest,
  ports: Pick<SessionPorts, 'startEngine' | 'attachAgent'>,
  signal?: AbortSignal,
): Promise<Census> {
  let onConnected = () => {};
  const connected = new Promise<void>((resolve) => {
    onConnected = resolve;
  });
  await using engine = await ports.startEngine(listener(request.pid, () => onConnected()));
  const options = signal ? { signal } : {};
  try {
    return named(await engine.census(request, options));
  } catch (error) {
    if (errorCode(error) !== 'permission-denied') throw error;
    using folder = makePrivateFolder();
    const permitted = await permit(engine, request.pid, folder.path, ports, connected).catch(() => false);
    if (!permitted) throw error;
    const census = named(await engine.census(request, options));
    await engine.disarm();
    return { ...census, notes: [...census.notes, AGENT_STAYS] };
  }
}

/** The kernel calls every program that runs by `dotnet` so. */
function named(census: Census): Census {
  const { commandLine, name } = census.process;
  return { ...census, process: { ...census.process, name: processName(commandLine, name) } };
}

async function permit(
  engine: SessionEngine,
  pid: number,
  folder: string,
  ports: Pick<SessionPorts, 'attachAgent'>,
  connected: Promise<void>,
): Promise<boolean> {
  await engine.arm({
    ...agentPaths(folder, folder),
    filter: { ...quietFilter(agentFilter(DEFAULT_OPTIONS)), tests: false },
  });
  await ports.attachAgent(pid, await engine.attachPayload());
  await connectedInTime(connected);
  return true;
}

/** Nothing is captured here; only the agent's connection matters. */
function listener(pid: number, onConnected: () => void): EngineListener {
  const ignore = () => {};
  return {
    decide: () => ({ action: 'drop', reason: 'only a census was asked for' }),
    agentConnected: (event) => {
      if (event.pid === pid) onConnected();
    },
    captureDone: ignore,
    captureProgress: ignore,
    agentDisconnected: ignore,
    exception: ignore,
    test: ignore,
    skipped: ignore,
    log: ignore,
    died: ignore,
  };
}
