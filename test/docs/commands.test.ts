import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { normaliseArguments, OPTIONS, writtenOption } from '@firstchance/model';
import { expect, test } from 'vitest';

/* Every command in the documents is one that the command line takes: its name, and each of its options. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const documents = ['README.md', 'CONTRIBUTING.md', ...readmes('packages'), ...readmes('adapters'), ...pages()];

function readmes(folder: string): string[] {
  const files = readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}/README.md`);
  return files.filter((file) => readdirSync(path.join(root, path.dirname(file))).includes('README.md'));
}

function pages(): string[] {
  return readdirSync(path.join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`);
}

/** The words after `firstchance`, of code blocks and of code in sentences; what follows `--` or a shell's sign is another's. */
function invocations(text: string): string[][] {
  const blocks = [...text.matchAll(/^```(?:sh|console|yaml)?\n(.*?)^```/gms)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  const inline = [...text.replace(/^```.*?^```/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...blocks, ...inline].flatMap((line) =>
    [...line.matchAll(/(?:^|&& |: )(?:\$ )?(?:npx )?firstchance ([a-z]+\b.*)$/g)].map(([, rest = '']) => words(rest)),
  );
}

function words(text: string): string[] {
  const all = [...text.matchAll(/'[^']*'|"[^"]*"|[^\s'"]+/g)].map(([word]) => word);
  const end = all.findIndex((word) => /^(--|#|\||>>?|&&|;)$/.test(word));
  return end === -1 ? all : all.slice(0, end);
}

const commands = new Set(OPTIONS.flatMap(({ commands }) => commands));

/** What is wrong with an invocation. */
function problems([command = '', ...rest]: readonly string[]): string[] {
  if (!commands.has(command as never)) return [`no command ${command}`];
  const known = OPTIONS.filter((option) => option.commands.includes(command as never));
  return normaliseArguments(rest)
    .filter((word) => /^--?[a-z]/.test(word))
    .map((word) => word.split('=')[0] ?? '')
    .filter((word) => word !== '--help' && word !== '-h')
    .filter((word) => !known.some((option) => writtenOption(option) === word || `-${option.letter}` === word))
    .map((word) => `${command} has no option ${word}`);
}

test.each(documents)('%s', (document) => {
  const text = readFileSync(path.join(root, document), 'utf8');
  expect(invocations(text).flatMap(problems)).toEqual([]);
});

test('commands are found, and wrong ones are seen', () => {
  const readme = invocations(readFileSync(path.join(root, 'README.md'), 'utf8'));
  expect(readme).toContainEqual(['run', '-e', '1', '-f', "'*Timeout*'"]);
  expect(
    invocations('Then `firstchance rum -e 1` and\n```sh\nnpx firstchance run --sticks -- dotnet --x\n```\n').flatMap(
      problems,
    ),
  ).toEqual(['run has no option --sticks', 'no command rum']);
});
