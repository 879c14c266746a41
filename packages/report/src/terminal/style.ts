import type { Reader } from '@firstchance/model';
import pc from 'picocolors';

/** How to write for one particular stream. */
export interface Style {
  /** Columns available; lines are cut to fit. Infinity when the stream is no terminal: a log has no width. */
  readonly columns: number;
  /** A status line may be rewritten in place. */
  readonly interactive: boolean;
  readonly paint: Paint;
  /** Who reads it: advice names what they can type. */
  readonly reader: Reader;
}

const AT_TERMINAL: Reader = { command: 'firstchance', options: 'command line' };

export type Paint = Record<'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', (text: string) => string>;

/** What decides about colour and width; a Node WriteStream fits. */
export interface StreamFacts {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const WIDEST = 200;

/**
 * NO_COLOR (any value but the empty one, no-color.org) and FORCE_COLOR (anything but 0 or false) win over what the stream is;
 * a terminal of kind "dumb" gets neither colour nor rewritten lines.
 */
export function styleFor(stream: StreamFacts, environment: NodeJS.ProcessEnv, reader = AT_TERMINAL): Style {
  const terminal = stream.isTTY === true;
  const dumb = environment.TERM === 'dumb';
  return {
    columns: terminal ? Math.min(Math.max(stream.columns ?? 80, 40), WIDEST) : Number.POSITIVE_INFINITY,
    interactive: terminal && !dumb && environment.CI === undefined,
    paint: paint(wantsColour(terminal && !dumb, environment)),
    reader,
  };
}

/** A style for given columns, without colour unless asked: for tests and for output to files. */
export function plainStyle(columns = Number.POSITIVE_INFINITY, colour = false, reader = AT_TERMINAL): Style {
  return { columns, interactive: false, paint: paint(colour), reader };
}

function wantsColour(terminal: boolean, environment: NodeJS.ProcessEnv): boolean {
  if (environment.NO_COLOR !== undefined && environment.NO_COLOR !== '') return false;
  const force = environment.FORCE_COLOR;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return terminal;
}

function paint(colour: boolean): Paint {
  return pc.createColors(colour);
}
