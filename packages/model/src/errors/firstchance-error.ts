/** What an error must be able to say, whoever made it. */
export interface Explanation {
  /** Name of the kind of failure, "permission-denied": for programs. */
  readonly code: string;
  /** What was tried, on which process or file. */
  readonly what: string;
  /** What the system answered. */
  readonly why: string;
  /** What the user can do; empty when there is nothing. */
  readonly cure: string;
}

/** An expected failure of firstchance. `message` is "what: why. cure". */
export class FirstchanceError extends Error implements Explanation {
  override readonly name: string = 'FirstchanceError';
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly cure: string;

  constructor(
    explanation: Pick<Explanation, 'code' | 'what' | 'why'> & Partial<Explanation>,
    options?: { cause?: unknown },
  ) {
    const { code, what, why, cure = '' } = explanation;
    super(explanationText({ what, why, cure }), options);
    this.code = code;
    this.what = what;
    this.why = why;
    this.cure = cure;
  }
}

/** "what: why. cure" */
export function explanationText({ what, why, cure }: Omit<Explanation, 'code'>): string {
  const sentence = [what, why].filter((part) => part !== '').join(': ');
  return cure === '' ? sentence : `${sentence.replace(/[.\s]+$/, '')}. ${cure}`;
}

/** Wrong usage or configuration: exit code 64, one sentence that says what is wrong and what is right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}
