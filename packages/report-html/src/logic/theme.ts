export type Theme = 'auto' | 'light' | 'dark';
const KEY = 'firstchance-theme';
const CHANGED = 'firstchance-theme-changed';
let chosen: Theme = 'auto';

/** What the reader chose last; else what the system says. Paper is always light. */
export function startTheme(): void {
  try {
    const stored = localStorage.getItem(KEY);
    if (stored === 'light' || stored === 'dark') chosen = stored;
  } catch {
    // A file opened where storage is switched off.
  }
  apply(chosen);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => apply(chosen));
  addEventListener('beforeprint', () => {
    for (const element of document.querySelectorAll('details')) element.open = true;
    document.documentElement.dataset.theme = 'light';
    dispatchEvent(new Event(CHANGED));
  });
  addEventListener('afterprint', () => apply(chosen));
}

export function setTheme(theme: Theme): void {
  chosen = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It holds until the page is closed.
  }
  apply(theme);
}

export const currentTheme = (): Theme => chosen;

function apply(theme: Theme): void {
  const dark = theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  dispatchEvent(new Event(CHANGED));
}

/** Tells when the colours change: what is drawn on a canvas must be drawn again. Returns how to stop it. */
export function onThemeChange(listener: () => void): () => void {
  addEventListener(CHANGED, listener);
  return () => removeEventListener(CHANGED, listener);
}

/** A colour of the style sheet, for canvases. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
