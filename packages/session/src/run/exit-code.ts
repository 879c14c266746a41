/** Exit codes of the contract. */
export const EXIT = { fine: 0, usage: 64, leak: 90, growsWhileIdle: 91, inconclusive: 92, infrastructure: 93 } as const;

/** Worst first; a code that is not ours comes before all of them. */
const ORDER: readonly number[] = [EXIT.infrastructure, EXIT.leak, EXIT.growsWhileIdle, EXIT.inconclusive];

/** The command's own code when that is not 0, else the worst verdict. */
export function exitCode(commandCode: number, verdicts: readonly number[]): number {
  if (commandCode !== 0) return commandCode;
  return ORDER.find((code) => verdicts.includes(code)) ?? 0;
}

export interface Judgement {
  readonly code: number;
  readonly reason: string;
  /** Null when nothing was judged. */
  readonly verdict: string | null;
}

/**
 * The exit code and the sentence that explains it.
 * @param failed what was asked for and could not be done at all
 * @param impossible why captures were not possible, when they were required
 */
export function judge(commandCode: number, failed: string | undefined, impossible: string | undefined): Judgement {
  const failure = failed ?? (impossible === undefined ? undefined : `captures are not possible: ${impossible}`);
  const code = exitCode(commandCode, failure === undefined ? [] : [EXIT.infrastructure]);
  const verdict = failure === undefined ? null : 'INFRASTRUCTURE_ERROR';
  const reason = commandCode === 0 && failure !== undefined ? failure : `the command ended with ${commandCode}`;
  return { code, reason, verdict };
}
