import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectVersion, setProjectVersion, setVersion, versionProblems } from './version.mjs';

const ours = ['a', 'b'];
const text = `${JSON.stringify({ name: 'a', version: '1.0.0', dependencies: { b: '1.0.0', zod: '1.0.0' } }, null, 2)}\n`;

test('sets the version of a package and of ours that it depends on, nothing else', () => {
  const changed = JSON.parse(setVersion(text, '1.1.0', ours));
  assert.deepEqual(changed, { name: 'a', version: '1.1.0', dependencies: { b: '1.1.0', zod: '1.0.0' } });
  assert.equal(setVersion(text, '1.0.0', ours), text);
});

test('names what is not in step', () => {
  const manifests = [
    { file: 'package.json', name: 'root', version: '1.1.0' },
    { file: 'a/package.json', ...JSON.parse(text) },
    { file: 'b/package.json', name: 'b', version: '1.1.0' },
  ];
  assert.deepEqual(versionProblems(manifests, '# Changes\n\n## 1.0.0\n'), [
    'a/package.json: version 1.0.0, not 1.1.0',
    'a/package.json: depends on b 1.0.0, not 1.1.0',
    'CHANGELOG.md: says nothing of 1.1.0',
  ]);
  assert.deepEqual(versionProblems([manifests[2]], '# Changes\n\n## 1.1.0 (2026-12-01)\n'), []);
});

test('sets the version of a .NET project', () => {
  const project = '<Project>\n  <Version>1.0.0</Version>\n</Project>\n';
  assert.equal(projectVersion(project), '1.0.0');
  assert.equal(projectVersion(setProjectVersion(project, '1.1.0-beta.1')), '1.1.0-beta.1');
  assert.equal(projectVersion('<Project />'), undefined);
});
