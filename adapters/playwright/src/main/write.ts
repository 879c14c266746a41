import type { FullConfig } from '@playwright/test';

/** What Playwright gives to plugins: all its reporters in one. */
export interface Reporters {
  onStdErr?(text: string): void;
}

/** Those that show what is written during the run, and keep their own lines in order around it. */
const SHOWING = ['list', 'line', 'dot'];

/**
 * Where lines for people go: on a terminal through Playwright's reporter, which rewrites its last lines and would count wrong;
 * else to standard error, where no reporter can lose them.
 */
export function writer(
  { quiet, reporter }: Pick<FullConfig, 'quiet' | 'reporter'>,
  reporters: Reporters | undefined,
  isTerminal = process.stdout.isTTY === true,
): (text: string) => void {
  const shown = isTerminal && !quiet && reporter.some(([name]) => SHOWING.includes(name));
  if (shown && typeof reporters?.onStdErr === 'function') return (text) => reporters.onStdErr?.(text);
  return (text) => void process.stderr.write(text);
}

/** It writes a dot for each test, and ends the line after eighty of them. */
export function showsDots({ reporter }: Pick<FullConfig, 'reporter'>): boolean {
  return reporter.some(([name]) => name === 'dot');
}

/** The line that dots of tests are on: what is said next begins one of its own. */
export class DotLine {
  #open = false;

  testEnded(): void {
    this.#open = true;
  }

  below(text: string): string {
    const open = this.#open;
    this.#open = false;
    return open ? `\n${text}` : text;
  }
}
