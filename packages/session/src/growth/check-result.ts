import { grewUntilThen, reasonOf } from '@firstchance/growth';
import type { Growth, GrowthCheck, Verdict } from '@firstchance/model';
import { unnamed } from './name-growth.ts';
import type { Execution } from './run/execute-plan.ts';

export interface CheckFacts {
  readonly name: string;
  /** Absent when there was none to check. */
  readonly process?: { readonly pid: number; readonly name: string; readonly runtime: string | null };
  readonly collected: boolean;
  readonly notes: readonly string[];
  /** Relative to the session folder; absent when there are none. */
  readonly graphs?: { readonly before: string; readonly after: string; readonly operations: number };
}

/** What a check found, in the form in which it is kept. @param growth with the names of what holds it */
export function checkResult(execution: Execution, growth: readonly Growth[], facts: CheckFacts): GrowthCheck {
  const { conclusion, failure } = execution;
  const { name, process, collected, notes, graphs } = facts;
  const verdict: Verdict = failure ? 'INFRASTRUCTURE_ERROR' : conclusion.verdict;
  return {
    schema: 1,
    verdict,
    reason: failure
      ? `${failure.what}: ${failure.why}${grewUntilThen(conclusion.unsure)}`
      : reasonInOrder(execution, growth),
    ...(failure && failure.cure !== '' ? { cure: failure.cure } : {}),
    mode: conclusion.mode,
    operations: conclusion.operations,
    verifiedOperations: conclusion.verifiedOperations,
    seed: conclusion.seed,
    rounds: [...conclusion.rounds],
    growth: [...growth],
    harmless: withReasons(conclusion.harmless),
    ...(conclusion.unsure.length > 0 ? { unsure: withReasons(conclusion.unsure) } : {}),
    minimumDetectable: { ...conclusion.minimumDetectable },
    ...(conclusion.notMeasured.length > 0 ? { notMeasured: [...conclusion.notMeasured] } : {}),
    ...(graphs ? { graphs } : {}),
    ...{ name, collected },
    ...(process ? { process: { ...process } } : {}),
    ...(notes.length > 0 ? { notes: [...notes] } : {}),
  };
}

/** The sentence leads with what the list leads with. */
function reasonInOrder({ conclusion }: Execution, growth: readonly Growth[]): string {
  const ordered = growth.flatMap(({ channel, follows, type, module, nativeOwner }) =>
    conclusion.growth.filter(
      (one) =>
        one.channel === channel &&
        one.follows === follows &&
        (nativeOwner ? !one.type : one.type === type && one.module === module),
    ),
  );
  return ordered.length === conclusion.growth.length ? reasonOf({ ...conclusion, growth: ordered }) : conclusion.reason;
}

function withReasons(findings: Execution['conclusion']['harmless']) {
  return unnamed(findings).map((growth, index) => ({ ...growth, why: findings[index]?.why ?? '' }));
}
