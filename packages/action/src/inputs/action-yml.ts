import type { OptionDefinition } from '@firstchance/model';
import { inputName, optionInputs } from './option-inputs.ts';
import { OUTPUTS } from './outputs.ts';
import { OWN_INPUTS } from './own-inputs.ts';

/** action.yml, made from the option table and the action's own inputs; a test holds the file to it. */
export function actionYml(): string {
  return `${[
    '# Made from the option table (packages/action/src/inputs); npm run golden writes it again.',
    'name: firstchance',
    'description: Small heap dumps of .NET processes at the moment something goes wrong in a test, and a verdict on leaks',
    'author: firstchance',
    'branding:',
    '  icon: camera',
    '  color: orange',
    'inputs:',
    ...OWN_INPUTS.flatMap(({ name, description, default: value }) => entry(name, description, value)),
    ...optionInputs().flatMap((option) => entry(inputName(option), describe(option))),
    'outputs:',
    ...Object.entries(OUTPUTS).flatMap(([name, description]) => entry(name, description)),
    'runs:',
    '  using: node24',
    '  main: dist/action/main.js',
    '  post: dist/action/post.js',
    '  post-if: always()',
  ].join('\n')}\n`;
}

function entry(name: string, description: string, value?: string): string[] {
  // JSON strings are YAML's double-quoted ones (YAML 1.2, 1.3).
  return [
    `  ${name}:`,
    `    description: ${JSON.stringify(description)}`,
    ...(value === undefined ? [] : [`    default: ${JSON.stringify(value)}`]),
  ];
}

/** No default is written: only what was given goes to the command line, so that a configuration file counts too. */
function describe({ type, description, choices, default: value }: OptionDefinition): string {
  const form =
    type === 'switch'
      ? ' true or false.'
      : type === 'list'
        ? ' One per line.'
        : choices
          ? ` One of ${choices.join(', ')}.`
          : '';
  return `${description}${form}${typeof value === 'string' ? ` Default: ${value}.` : ''}`;
}
