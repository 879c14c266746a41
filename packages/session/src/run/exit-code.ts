/** Exit codes of the contract. */
export const EXIT = { fine: 0, usage: 64, leak: 90, growsWhileIdle: 91, inconclusive: 92, infrastructure: 93 } as const;

/** Worst first; a code that is not ours comes before all of them. */
const ORDER: readonly number[] = [EXIT.infrastructure, EXIT.leak, EXIT.growsWhileIdle, EXIT.inconclusive];

/** The command's own code when that is not 0, else the worst verdict. */
export function exitCode(commandCode: number, verdicts: readonly number[]): number {
  if (commandCode !== 0) return commandCode;
  return ORDER.find((code) => verdicts.includes(code)) ?? 0;
}
