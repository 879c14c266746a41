import { type ProcessIdentity, readIdentity } from '../discovery/proc.ts';
import { DiagnosticsError } from '../error/diagnostics-error.ts';
import type { Connection } from '../transport/connection.ts';
import type { Deadline } from '../transport/deadline.ts';
import type { Endpoint } from '../transport/endpoint.ts';

/** One runtime behind a reverse port: it connects to us, once for each command, and tells its cookie every time. */
export class PortEndpoint implements Endpoint {
  readonly root = '';
  readonly #processId: number;
  readonly #identity: ProcessIdentity | undefined;
  readonly #waiting = new Set<(connection: Connection | undefined) => void>();
  #idle: Connection | undefined;
  #closed = false;

  constructor(processId: number) {
    this.#processId = processId;
    this.#identity = readIdentity(processId);
  }

  get name(): string {
    return `process ${this.#processId}`;
  }

  /** A connection of this runtime, its advertisement already read. */
  offer(connection: Connection): void {
    const [waiting] = this.#waiting;
    if (waiting) {
      this.#waiting.delete(waiting);
      waiting(connection);
      return;
    }
    // A runtime has one connection at a time: the one before is dead.
    this.#idle?.close();
    this.#idle = connection;
  }

  open(deadline: Deadline): Promise<Connection> {
    const idle = this.#idle;
    this.#idle = undefined;
    if (idle && !idle.isClosed) return Promise.resolve(idle);
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(closedPort(deadline.what));
        return;
      }
      if (deadline.signal.aborted) {
        reject(deadline.error());
        return;
      }
      const onAbort = () => {
        this.#waiting.delete(take);
        reject(deadline.error());
      };
      const take = (connection: Connection | undefined) => {
        deadline.signal.removeEventListener('abort', onAbort);
        if (connection) resolve(connection);
        else reject(closedPort(deadline.what));
      };
      this.#waiting.add(take);
      deadline.signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  get canEnd(): boolean {
    return this.#identity !== undefined;
  }

  hasEnded(): boolean {
    // The advertised pid is the target's own; only where it was a process of ours at first can we say that it ended.
    return this.#identity !== undefined && readIdentity(this.#processId)?.startTime !== this.#identity.startTime;
  }

  close(): void {
    this.#closed = true;
    this.#idle?.close();
    this.#idle = undefined;
    for (const take of this.#waiting) take(undefined);
    this.#waiting.clear();
  }
}

function closedPort(what: string): DiagnosticsError {
  return new DiagnosticsError('port-failed', { what, why: 'the diagnostic port was closed' });
}
