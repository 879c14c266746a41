import { EXIT, exitCode, type Verdict } from '@firstchance/model';

/** What one check or ledger came to. */
export interface Outcome {
  readonly verdict: Verdict;
  /** One sentence. */
  readonly reason: string;
  /** The exit code it asks for; 0 when it only warns. */
  readonly code: number;
}

export interface Judgement {
  readonly code: number;
  readonly reason: string;
  /** Null when nothing was judged. */
  readonly verdict: Verdict | null;
}

/**
 * The exit code and the sentence that explains it.
 * @param failed what was asked for and could not be done at all
 * @param impossible why captures were not possible, when they were required
 * @param outcomes what checks found
 * @param ended how it ended, when nothing else decides
 */
export function judge(
  commandCode: number,
  failed: string | undefined,
  impossible: string | undefined,
  outcomes: readonly Outcome[] = [],
  ended = `the command ended with ${commandCode}`,
): Judgement {
  const failure = failed ?? (impossible === undefined ? undefined : `captures are not possible: ${impossible}`);
  const codes = outcomes.map((outcome) => outcome.code);
  const own = exitCode(0, failure === undefined ? codes : [...codes, EXIT.infrastructure]);
  const code = exitCode(commandCode, [own]);
  const deciding = outcomes.find((outcome) => outcome.code === own) ?? outcomes[0];
  const verdict = failure !== undefined ? 'INFRASTRUCTURE_ERROR' : (deciding?.verdict ?? null);
  const reason = commandCode !== 0 ? ended : (failure ?? deciding?.reason ?? ended);
  return { code, reason, verdict };
}
