import { useEffect, useState } from 'preact/hooks';

export type View = 'overview' | 'captures' | 'capture' | 'checks' | 'check' | 'tests' | 'ledger' | 'memory' | 'run';
export interface Route {
  readonly view: View;
  readonly id: string;
}

const VIEWS: readonly string[] = [
  ...['overview', 'captures', 'capture', 'checks', 'check', 'tests', 'ledger', 'memory', 'run'],
];

/** "#/capture/0001-…": every view has an address that can be sent to somebody. */
export function href(view: View, id = ''): string {
  return `#/${view}${id === '' ? '' : `/${encodeURIComponent(id)}`}`;
}

export function parseRoute(hash: string): Route {
  const [, view = 'overview', id = ''] = hash.replace(/^#/, '').split('/');
  let decoded = '';
  try {
    decoded = decodeURIComponent(id);
  } catch {
    // An address somebody typed: shows as not found.
  }
  return { view: VIEWS.includes(view) ? (view as View) : 'overview', id: decoded };
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const change = () => setRoute(parseRoute(location.hash));
    addEventListener('hashchange', change);
    return () => removeEventListener('hashchange', change);
  }, []);
  return route;
}
