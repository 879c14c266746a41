import { DiagnosticsError } from '../error/diagnostics-error.ts';
import { connectTo } from '../transport/connect.ts';
import type { Connection } from '../transport/connection.ts';
import type { Deadline } from '../transport/deadline.ts';
import type { Endpoint } from '../transport/endpoint.ts';
import { endsSoon } from '../transport/exchange.ts';
import { explainMissing } from './explain-missing.ts';
import { type SocketLocation, searchSocket } from './locate-socket.ts';
import { readIdentity } from './proc.ts';

/**
 * @throws DiagnosticsError `process-not-found` | `not-dotnet` | `diagnostics-disabled` | `socket-missing` |
 *   `permission-denied` | `not-supported` (not on Linux)
 */
export function locateProcess(pid: number): SocketLocation {
  const what = `reach the .NET runtime of process ${pid}`;
  if (process.platform !== 'linux') {
    throw new DiagnosticsError('not-supported', {
      what,
      why: `processes are found through /proc, which ${process.platform} does not have`,
      cure: 'use DiagnosticsClient.forSocket with the path of its socket',
    });
  }
  const result = Number.isSafeInteger(pid) && pid > 0 ? searchSocket(pid) : undefined;
  if (result?.found) return result.found;
  if (!result?.identity || readIdentity(pid)?.startTime !== result.identity.startTime) {
    throw new DiagnosticsError('process-not-found', { what, why: 'there is no process with this pid' });
  }
  throw explainMissing(pid, result.places);
}

/** The runtime of one process, by the socket it listens on. */
export class ProcessEndpoint implements Endpoint {
  readonly canEnd = true;
  readonly location: SocketLocation;

  constructor(location: SocketLocation) {
    this.location = location;
  }

  get name(): string {
    return `process ${this.location.pid}`;
  }

  get root(): string {
    return this.location.root;
  }

  async open(deadline: Deadline): Promise<Connection> {
    try {
      return await connectTo(this.location.path, deadline);
    } catch (cause) {
      const mayHaveEnded = cause instanceof DiagnosticsError && cause.code === 'connection-failed';
      if (!mayHaveEnded || !(await endsSoon(this))) throw cause;
      throw new DiagnosticsError('process-not-found', { what: deadline.what, why: `${this.name} has ended`, cause });
    }
  }

  hasEnded(): boolean {
    return readIdentity(this.location.pid)?.startTime !== this.location.startTime;
  }
}

/** A runtime known by the path of its socket only. */
export class SocketEndpoint implements Endpoint {
  readonly root = '';
  readonly canEnd = false;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  get name(): string {
    return `the runtime at ${this.#path}`;
  }

  open(deadline: Deadline): Promise<Connection> {
    return connectTo(this.#path, deadline);
  }

  hasEnded(): boolean {
    return false;
  }
}
