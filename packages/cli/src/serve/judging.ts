import { type OptionValues, optionsOf, UsageError, validateConfig } from '@firstchance/model';
import type { CheckJudging } from '@firstchance/session';
import { acceptance } from '../check/acceptance.ts';
import { textOf } from '../options/given.ts';
import { judging } from '../options/to-check.ts';

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
    { suppressions: textOf(values.suppressions), baseline: textOf(values.baseline), writeBaseline: false },
    folder,
  );
  return {
    ...judging(values),
    accept: (check) =>
      accept(warnings.length === 0 ? check : { ...check, notes: [...(check.notes ?? []), ...warnings] }),
  };
}
