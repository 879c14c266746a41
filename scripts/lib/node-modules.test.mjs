import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingModules } from './node-modules.mjs';

const lock = {
  packages: {
    '': { name: 'root' },
    'packages/a': { version: '1.0.0' },
    'node_modules/@firstchance/a': { link: true, resolved: 'packages/a' },
    'node_modules/b': { version: '1.2.3' },
    'node_modules/b/node_modules/c': { version: '2.0.0' },
    'node_modules/for-mac': { version: '1.0.0', optional: true, os: ['darwin'] },
  },
};

test('all there: what is for another system is not missed', () => {
  const packages = { 'node_modules/b': { version: '1.2.3' }, 'node_modules/b/node_modules/c': { version: '2.0.0' } };
  assert.deepEqual(missingModules(lock, { packages }), []);
});

test('another version and an absent module are missing', () => {
  assert.deepEqual(missingModules(lock, { packages: { 'node_modules/b': { version: '1.2.4' } } }), ['b', 'c']);
});
