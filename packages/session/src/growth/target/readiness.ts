import { acceptsConnections, listeningPorts, portOf, type Readiness, urlAnswers } from '@firstchance/target';
import type { OperationSpec } from '../operation/operation-spec.ts';
import { originOfPort } from './origin.ts';

/** One look whether the program can take its first operation. */
export type ReadinessLook = (pids: readonly number[], signal: AbortSignal) => Promise<Readiness>;

/**
 * How to tell that a program is ready: by the URL that was named for it; else by a connection to where the operation goes
 * (nothing is asked of it: the operation may change something); else by its listening at all, or by .NET running in it.
 * `pids`: its .NET processes so far.
 */
export function readinessLook(spec: OperationSpec, readyUrl: string | undefined): ReadinessLook {
  const look = addressLook(spec, readyUrl);
  return async (pids, signal) => {
    const address = await look(pids, signal);
    if (!address.ready || pids.length > 0) return address;
    return { ready: false, why: 'no .NET process runs in it' };
  };
}

function addressLook(spec: OperationSpec, readyUrl: string | undefined): ReadinessLook {
  if (readyUrl !== undefined) return readyLook(spec, readyUrl);
  if (spec.kind !== 'request') return async () => ({ ready: true });
  const { url } = spec.template;
  if (url.startsWith('/')) {
    return async (pids) =>
      pids.some((pid) => listeningPorts(pid).length > 0)
        ? { ready: true }
        : { ready: false, why: pids.length === 0 ? 'no .NET process runs in it' : 'it listens on no TCP port' };
  }
  const goesTo = new URL(url);
  const port = portOf(goesTo) ?? 80;
  return (_pids, signal) => acceptsConnections(goesTo.hostname.replace(/^\[|\]$/g, ''), port, signal);
}

/** A path alone is asked where the operation goes, else where the program listens. */
function readyLook(spec: OperationSpec, readyUrl: string): ReadinessLook {
  if (!readyUrl.startsWith('/')) return (_pids, signal) => urlAnswers(readyUrl, signal);
  if (spec.kind === 'request' && !spec.template.url.startsWith('/')) {
    const url = new URL(readyUrl, spec.template.url).href;
    return (_pids, signal) => urlAnswers(url, signal);
  }
  return async (pids, signal) => {
    const [port, ...others] = pids.flatMap((pid) => listeningPorts(pid));
    if (port === undefined) return { ready: false, why: 'it listens on no TCP port' };
    if (others.length > 0) return { ready: false, why: 'it listens on several ports: write the whole URL in --ready' };
    return urlAnswers(`${originOfPort(port)}${readyUrl}`, signal);
  };
}
