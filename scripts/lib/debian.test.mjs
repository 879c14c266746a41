import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingPackages } from './debian.mjs';

test('a package is there when its command or header is, wherever that came from', async () => {
  const packages = [
    { name: 'nodejs', command: 'node' },
    { name: 'libc6-dev', header: 'stdio.h' },
    { name: 'no-such-tool', command: 'firstchance-no-such-command' },
    { name: 'no-such-library-dev', header: 'firstchance/no-such-header.h' },
  ];
  assert.deepEqual(await missingPackages(packages), ['no-such-tool', 'no-such-library-dev']);
});
