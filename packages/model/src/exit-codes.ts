import type { Verdict } from './growth/verdict.ts';

/** Exit codes of every command. */
export const EXIT = {
  fine: 0,
  /** Wrong usage or configuration (EX_USAGE of sysexits.h). */
  usage: 64,
  /** LEAK, or a budget exceeded. */
  leak: 90,
  growsWhileIdle: 91,
  inconclusive: 92,
  /** We could not do what was asked. */
  infrastructure: 93,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const CODES: Readonly<Record<Verdict, ExitCode>> = {
  PASS: EXIT.fine,
  LEAK: EXIT.leak,
  GROWS_WHILE_IDLE: EXIT.growsWhileIdle,
  INCONCLUSIVE: EXIT.inconclusive,
  INFRASTRUCTURE_ERROR: EXIT.infrastructure,
};

/** The code a verdict fails with. Whether INCONCLUSIVE fails at all is decided before (--on-inconclusive). */
export function verdictExitCode(verdict: Verdict): ExitCode {
  return CODES[verdict];
}

/** Worst first; a code that is not ours comes before all of them. */
const ORDER: readonly number[] = [EXIT.infrastructure, EXIT.leak, EXIT.growsWhileIdle, EXIT.inconclusive];

/** The command's own code when that is not 0, else the worst of ours. */
export function exitCode(commandCode: number, codes: readonly number[]): number {
  if (commandCode !== 0) return commandCode;
  return ORDER.find((code) => codes.includes(code)) ?? EXIT.fine;
}
