import { type Conclusion, type GrowthFinding, reasonOf, type UnsureFinding, verdictOf } from '@firstchance/growth';
import type { Growth } from '@firstchance/model';

/** One string for each of the numbers 0 to 299, made when it is first asked for. */
const SMALL_NUMBERS = 'static System.Number.s_smallNumberCache';
const WHY = 'the runtime keeps strings of small numbers';

/** Strings of which it is not certain whether they leak: their path may say that they do not. */
export function uncertainStrings({ unsure }: Conclusion): readonly UnsureFinding[] {
  return unsure.filter(({ channel, type }) => channel === 'instances' && type === 'System.String');
}

/**
 * What the runtime itself keeps and never makes twice is no leak, however steadily it came: counts that rise with the operations and
 * are written somewhere bring one string after the other. Only the path tells it from other strings.
 * @param strings the uncertain ones, named
 */
export function withoutKeptByRuntime(
  conclusion: Conclusion,
  named: readonly Growth[],
  strings: readonly Growth[] = [],
): { readonly conclusion: Conclusion; readonly growth: readonly Growth[] } {
  const kept = [...named, ...strings].filter(({ path }) => path?.[0] === SMALL_NUMBERS);
  if (kept.length === 0) return { conclusion, growth: named };
  const isKept = (finding: GrowthFinding) => kept.some((one) => isOf(one, finding));
  const isNot = (finding: GrowthFinding) => !isKept(finding);
  const numbers = [...conclusion.growth, ...conclusion.unsure].filter(isKept);
  const judged = {
    ...conclusion,
    growth: conclusion.growth.filter(isNot),
    unsure: conclusion.unsure.filter(isNot),
    harmless: [...conclusion.harmless, ...numbers.map((finding) => ({ ...finding, why: WHY }))],
  };
  const verdict = verdictOf(judged);
  const reason = reasonOf({ ...judged, verdict });
  return { conclusion: { ...judged, verdict, reason }, growth: named.filter((one) => !kept.includes(one)) };
}

function isOf({ channel, type, module }: Growth, finding: GrowthFinding): boolean {
  return channel === finding.channel && type === finding.type && module === finding.module;
}
