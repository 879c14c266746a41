import type { PageData } from '@firstchance/report';
import { useEffect } from 'preact/hooks';
import { href, type Route } from './route.ts';
import { currentTheme, setTheme } from './theme.ts';

export const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ['/', 'search'],
  ['j  k', 'next, previous: entry of a list, or capture and check in full'],
  ['Enter', 'open the entry'],
  ['Esc', 'leave the search'],
  ['o  c  g  l', 'overview, captures, growth checks, what tests left'],
  ['d', 'dark or light'],
  ['?', 'these keys'],
];

interface Context {
  readonly data: PageData;
  readonly route: Route;
  readonly focusSearch: () => void;
  readonly showHelp: () => void;
}

/** Single keys, as long as nobody is typing and no other key is held. */
export function useKeys(context: Context): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select, dialog')) return;
      if (act(event.key, context)) event.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
}

function act(key: string, { data, route, focusSearch, showHelp }: Context): boolean {
  switch (key) {
    case '/':
      focusSearch();
      return true;
    case '?':
      showHelp();
      return true;
    case 'd':
      setTheme(currentTheme() === 'dark' || document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
      return true;
    case 'o':
      location.hash = href('overview');
      return true;
    case 'c':
      location.hash = href('captures');
      return true;
    case 'g':
      location.hash = href('checks');
      return true;
    case 'l':
      location.hash = href('ledger');
      return true;
    case 'j':
      return step(1, data, route);
    case 'k':
      return step(-1, data, route);
    default:
      return false;
  }
}

/** In a capture or check: to the next one; elsewhere from entry to entry of the list. */
function step(by: 1 | -1, data: PageData, { view, id }: Route): boolean {
  if (view === 'capture' || view === 'check') {
    const ids = (view === 'capture' ? data.captures : data.checks).map((entry) => entry.id);
    const next = ids[ids.indexOf(id) + by];
    if (next !== undefined) location.hash = href(view, next);
    return true;
  }
  return stepFocus(by);
}

/** Moves the focus among the entries of the page; they are links, so Enter opens one. */
export function stepFocus(by: 1 | -1): boolean {
  const entries = [...document.querySelectorAll<HTMLElement>('main [data-entry]')];
  const at = entries.indexOf(document.activeElement as HTMLElement);
  const next = entries[at < 0 ? (by > 0 ? 0 : entries.length - 1) : at + by];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
  return next !== undefined;
}
