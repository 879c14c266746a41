import { type OptionValues, optionsOf, UsageError, validateConfig } from '@firstchance/model';
import type { CheckJudging } from '@firstchance/session';
import { acceptance } from '../check/acceptance.ts';
import { growthPlanOptions } from '../options/to-check.ts';

/** How a check that a test asks for is judged: what the test says over what the configuration file says. @throws UsageError */
export function judgingOf(
  configured: OptionValues,
  asked: Readonly<Record<string, unknown>>,
  folder: string,
): CheckJudging {
  const values = { ...configured, ...validateConfig(asked, 'the options of the growth check') };
  const known = optionsOf('check').filter(({ group }) => group === 'Growth');
  for (const name of Object.keys(asked)) {
    if (!known.some((option) => option.name === name))
      throw new UsageError(`"${name}" is no option of a growth check; docs/options.md lists them`);
  }
  const { accept, warnings } = acceptance(
    { suppressions: text(values.suppressions), baseline: text(values.baseline), writeBaseline: false },
    folder,
  );
  const { onInconclusive } = values;
  return {
    growth: growthPlanOptions(values),
    collect: values.gc !== false,
    allocations: values.allocations !== false,
    nativeStacks: values.nativeStacks === 'on',
    accept: (check) =>
      accept(warnings.length === 0 ? check : { ...check, notes: [...(check.notes ?? []), ...warnings] }),
    ...(onInconclusive === 'fail' || onInconclusive === 'warn' ? { onInconclusive } : {}),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
