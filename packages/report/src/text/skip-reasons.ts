const REASONS = new Map(
  Object.entries({
    'per-place': 'the same place was captured already (--per-place)',
    'per-type': 'enough of this type (--per-type)',
    'per-test': 'enough in this test (--per-test)',
    // The agents are quiet from then on: nobody counts any more.
    'per-session': 'the number of captures was reached (-n); what came after is not counted',
    busy: 'another capture was under way',
    timeout: 'the engine did not answer in time',
    'max-disk': 'the space for this session is used up (--max-disk)',
    closing: 'the run was ending',
    ended: 'the program had ended by then',
    'output-not-writable': 'the session folder could not be written to',
  }),
);

/** Why a match was not captured, for people; of a reason that we do not know, as it was written. */
export function skipReason(why: string): string {
  return REASONS.get(why) ?? why;
}
