import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { connect } from 'node:net';
import { errorCode, errorText } from '@firstchance/model';
import type { Readiness } from './wait-ready.ts';

/** Ready when the URL answers with success (below 400). */
export function urlAnswers(url: string, signal: AbortSignal): Promise<Readiness> {
  return new Promise((resolve) => {
    // Not fetch: it refuses ports that browsers refuse, 6000 among them.
    const get = url.startsWith('https:') ? httpsGet : httpGet;
    const request = get(url, { agent: false, signal }, (response) => {
      const status = response.statusCode ?? 0;
      response.destroy();
      resolve(status < 400 ? { ready: true } : { ready: false, why: `${url} answered ${status}` });
    });
    request.once('error', (error) =>
      resolve({ ready: false, why: `${url} does not answer (${networkReason(error)})` }),
    );
  });
}

/** Ready when host and port accept a connection; nothing is sent. */
export function acceptsConnections(host: string, port: number, signal: AbortSignal): Promise<Readiness> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal });
    const end = (readiness: Readiness) => {
      socket.destroy();
      resolve(readiness);
    };
    socket.once('connect', () => end({ ready: true }));
    socket.once('error', (error) =>
      end({ ready: false, why: `${host}:${port} accepts no connection (${networkReason(error)})` }),
    );
  });
}

/** The system's word for what went wrong: "ECONNREFUSED"; Node hides it below others when it tried several addresses. */
export function networkReason(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at.name === 'TimeoutError' || at.name === 'AbortError') return 'no answer in time';
    const code = errorCode(at);
    if (typeof code === 'string') return code;
    if (at instanceof AggregateError && at.errors.length > 0) return networkReason(at.errors[0]);
  }
  return errorText(error);
}
