import type { Session } from '@firstchance/session';
import type { SessionEndInfo } from '../wire/values.ts';
import type { ClientConnection } from './client-connection.ts';
import type { Launches } from './launches.ts';
import type { Notifier } from './notifier.ts';
import type { ServeRequest } from './request.ts';

/** What the connections of one server share. */
export interface Serving {
  readonly request: Omit<ServeRequest, 'door' | 'onOpen' | 'ownerGone' | 'endReason'>;
  readonly session: Session;
  readonly launches: Launches;
  readonly notifier: Notifier;
  /** Undefined before the owner has said hello. */
  readonly ownerPid: number | undefined;
  owned(pid: number): void;
  ended(connection: ClientConnection): void;
  close(): Promise<SessionEndInfo>;
}
