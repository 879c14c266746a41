import type { Engine } from '@firstchance/engine';
import type { SessionPorts } from '@firstchance/session';
import type { Command } from 'commander';

/** One process that runs .NET. */
export interface DotnetProcess {
  readonly pid: number;
  readonly commandLine: readonly string[];
  readonly runtime: string | null;
  /** False: its diagnostics are switched off or out of reach, createdump cannot be asked. */
  readonly hasSocket: boolean;
}

/** The world outside, for commands; tests bring their own. */
export interface CliPorts {
  readonly session: SessionPorts;
  /** @throws EngineError when there is none for this system */
  readonly openEngine: () => Promise<Engine>;
  /** The built page of report.html, without data. @throws when it was not built */
  readonly reportPage: () => string;
  readonly listDotnet: () => Promise<readonly DotnetProcess[]>;
}

/** Streams and surroundings of one invocation. */
export interface Surroundings {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly environment: NodeJS.ProcessEnv;
  /** Working folder. */
  readonly folder: string;
  readonly version: string;
}

/** What a command works with: its surroundings, and the world outside. */
export interface CliContext extends Surroundings {
  readonly ports: CliPorts;
}

/** One command as it was typed. `finish` takes its exit code. */
export interface Invoked {
  readonly command: Command;
  readonly context: CliContext;
  readonly finish: (code: number) => void;
}

/** The same for a command that does something before the world outside is there: that takes longest to load. */
export interface InvokedEarly {
  readonly command: Command;
  readonly surroundings: Surroundings;
  readonly connect: () => Promise<CliPorts>;
  readonly finish: (code: number) => void;
}

/** Does what a command says; its parameters are the command's arguments as commander gives them. */
export type Action = (...words: never[]) => Promise<void> | void;

export interface OutputStream {
  write(text: string | Uint8Array): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}
