import { EXIT, exitCode, type Verdict } from '@firstchance/model';

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
 * @param ended how it ended, when nothing else decides
 */
export function judge(
  commandCode: number,
  failed: string | undefined,
  impossible: string | undefined,
  ended = `the command ended with ${commandCode}`,
): Judgement {
  const failure = failed ?? (impossible === undefined ? undefined : `captures are not possible: ${impossible}`);
  const code = exitCode(commandCode, failure === undefined ? [] : [EXIT.infrastructure]);
  const verdict = failure === undefined ? null : 'INFRASTRUCTURE_ERROR';
  const reason = commandCode === 0 && failure !== undefined ? failure : ended;
  return { code, reason, verdict };
}
