import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { root } from './paths.mjs';

const folder = path.join(root, '.github/workflows');

for (const name of readdirSync(folder)) {
  const text = readFileSync(path.join(folder, name), 'utf8');

  test(`${name}: actions of others are pinned by commit, with the version behind`, () => {
    const uses = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, value]) => value);
    assert.ok(uses.length > 0);
    for (const value of uses.filter((one) => !one.startsWith('./'))) {
      assert.match(value, /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  test(`${name}: nothing is permitted but what a job names, and no job runs for ever`, () => {
    assert.match(text, /^permissions: \{\}$/m);
    const jobs = [...text.slice(text.indexOf('\njobs:')).matchAll(/^ {2}[\w-]+:$/gm)].length;
    assert.equal([...text.matchAll(/^ {4}timeout-minutes: \d+$/gm)].length, jobs);
    assert.equal([...text.matchAll(/^ {4}permissions:$/gm)].length, jobs);
    assert.doesNotMatch(text, /pull_request_target/);
  });

  test(`${name}: no expression of foreign text is put into a script`, () => {
    for (const [, script] of text.matchAll(/^\s*(?:- )?run: (.*(?:\n\s{10,}.*)*)/gm)) {
      assert.doesNotMatch(script, /\$\{\{/);
    }
  });
}
