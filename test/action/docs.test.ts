import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const action = parse(read('action.yml')) as {
  inputs: Record<string, { description: string; default?: string }>;
  outputs: Record<string, unknown>;
  runs: Record<string, string>;
};

/** Every mapping of a document that uses the action. */
function uses(node: unknown): { with?: Record<string, unknown> }[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = /firstchance@|^\.\/$/.test(String((node as { uses?: unknown }).uses)) ? [node as object] : [];
  return [...own, ...Object.values(node).flatMap(uses)];
}

test('action.yml is whole: entries that exist, a sentence for everything', () => {
  expect(action.runs).toEqual({
    using: 'node24',
    main: 'dist/action/main.js',
    post: 'dist/action/post.js',
    'post-if': 'always()',
  });
  for (const file of [action.runs.main, action.runs.post]) expect(read(String(file)).length).toBeGreaterThan(0);
  for (const [name, input] of Object.entries(action.inputs)) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(input.description).toMatch(/[.:]$/);
  }
});

test.each(['docs/ci.md', '.github/workflows/test.yml'])('%s gives the action inputs that it has', (file) => {
  const text = read(file);
  const blocks = file.endsWith('.yml')
    ? [text]
    : [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
  const steps = blocks.flatMap((block) => uses(parse(block)));
  expect(steps.length).toBeGreaterThan(2);
  for (const step of steps)
    for (const name of Object.keys(step.with ?? {})) expect(Object.keys(action.inputs)).toContain(name);
});

test('docs/ci.md names outputs that there are', () => {
  for (const name of [
    'verdict',
    'exit-code',
    'captures',
    'checks',
    'failed-checks',
    'problems',
    'session',
    'report',
    'artifact-id',
  ])
    expect(Object.keys(action.outputs)).toContain(name);
});
