import { OPTIONS, type OptionDefinition, writtenOption } from '@firstchance/model';

/** docs/options.md, made from the option table; a test holds the two together. */
export function optionsDocument(): string {
  const groups = [...new Set(OPTIONS.map((option) => option.group))];
  const sections = groups.flatMap((group) => [
    `## ${group}`,
    '',
    '| option | key | default | commands | |',
    '|---|---|---|---|---|',
    ...OPTIONS.filter((option) => option.group === group).map(row),
    '',
  ]);
  return [...HEAD, ...sections].join('\n');
}

const HEAD = [
  '# Options',
  '',
  'Made from the option table; `npm run golden` writes it again. Keys are those of `firstchance.config.ts`, `.mjs` or `.json` in the',
  "folder where the command is started (with an adapter the runner's root), which is not looked for above it; the command line comes",
  'before the file. Times: `500ms`, `30s`, `10m`, `1h30m` (a bare number: seconds). Sizes: `500MB`, `2GB`, `1GiB`.',
  "MiniDumper's `-mm` `-mh` `-ma` and ProcDump's `-e 1`, `-e 2`, `-e` are understood. What follows `--`, or the first word that is no",
  'option, is the command and is never touched.',
  '',
];

function row(option: OptionDefinition): string {
  const value =
    option.type === 'switch' ? '' : ` ${option.choices ? option.choices.join('\\|') : (option.value ?? 'VALUE')}`;
  const letter = option.letter === 'm' ? ', `-mm` `-mh` `-ma`' : option.letter ? `, \`-${option.letter}\`` : '';
  const fallback = typeof option.default === 'string' ? option.default : '';
  const commands = option.commands.length > 5 ? 'all' : option.commands.join(', ');
  const key = ['json', 'quiet', 'verbose'].includes(option.name) ? '' : `\`${option.name}\``;
  return `| \`${writtenOption(option)}${value}\`${letter} | ${key} | ${fallback} | ${commands} | ${option.description.replaceAll('|', '\\|')} |`;
}
