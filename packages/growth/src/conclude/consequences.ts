import type { Decision } from '../rules/decide.ts';
import { MOST_PER_SLOT } from '../rules/steps.ts';
import { isBytes } from '../series/series.ts';

/** Each has a handle of the runtime's. */
const WITH_HANDLE = /^System\.(WeakReference(<|$)|Reflection\.(Emit\.DynamicResolver|LoaderAllocator)$)/;
/** Handles that come and go besides. */
const ABOUT = 1.1;

/** Bytes that the growth of counted things explains are not named again; where bytes are in doubt, a sure leak decides. */
export function withoutConsequences(decisions: readonly Decision[]): Decision[] {
  const leaks = decisions.filter(({ outcome, judgement }) => outcome === 'leak' && !isBytes(judgement.series.channel));
  const managed = leaks.reduce((total, one) => total + managedBytes(one), 0);
  const objects = leaks.reduce((total, { judgement: { series }, rate }) => total + (series.type ? rate : 0), 0);
  const handles = leaks.reduce((total, { judgement: { series }, rate }) => {
    return total + (WITH_HANDLE.test(series.type ?? '') ? rate : 0);
  }, 0);
  const stepped = decisions.filter(({ outcome, judgement }) => outcome === 'leak' && judgement.steps === true);
  const inSteps = stepped.reduce((total, { rate }) => total + rate, 0);
  return decisions.filter(({ judgement, outcome, rate }) => {
    // The array of a collection grows with what is put into it.
    if (judgement.steps === true) return outcome === 'harmless' || objects * MOST_PER_SLOT < rate;
    if (judgement.series.channel === 'handles') return handles === 0 || rate > ABOUT * handles;
    if (judgement.series.channel !== 'managedBytes') return true;
    if (inSteps > 0 && inSteps >= 0.5 * rate) return false;
    // Beside the leak that it is the whole of it would contradict, whatever became of it.
    return (outcome === 'harmless' && leaks.length === 0) || managed + objects * MOST_PER_SLOT < 0.5 * rate;
  });
}

function managedBytes({ judgement: { series, total }, rate }: Decision): number {
  const { bytes = [] } = series;
  return total <= 0 ? 0 : (((bytes.at(-1) ?? 0) - (bytes[0] ?? 0)) / total) * rate;
}
