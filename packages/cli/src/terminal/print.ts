import { type Style, styleFor } from '@firstchance/report';
import type { OutputStream } from '../ports.ts';
import { inLocale } from './characters.ts';
import { ownCommand } from './own-command.ts';

/** How to write for people on this stream: as wide, as colourful, and with our command as they type it. */
export function peopleStyle(stream: OutputStream, environment: NodeJS.ProcessEnv): Style {
  return styleFor(stream, environment, { command: ownCommand(), options: 'command line' });
}

/** Writes lines for people, in characters that they can see. */
export function print(stream: OutputStream, environment: NodeJS.ProcessEnv, lines: readonly string[]): void {
  stream.write(`${inLocale(lines.join('\n'), environment)}\n`);
}
