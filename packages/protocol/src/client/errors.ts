import { FirstchanceError } from '@firstchance/model/options';

/** No server is there, it does not start, or the connection has ended. */
export class SessionError extends FirstchanceError {
  override readonly name = 'SessionError';
  declare readonly code: 'no-session' | 'server-not-started' | 'disconnected';
}
