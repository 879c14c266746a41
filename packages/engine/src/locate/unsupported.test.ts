import { expect, it } from 'vitest';
import { thisMachine, unsupported } from './unsupported.ts';

const machine = { platform: 'linux', architecture: 'x64', glibc: true };

it('says why there can be no engine', () => {
  expect(unsupported(machine)).toBeNull();
  expect(unsupported({ ...machine, architecture: 'arm64' })).toBeNull();
  expect(unsupported({ ...machine, architecture: 's390x' })).toMatch(/x64 and arm64, this is s390x/);
  expect(unsupported({ ...machine, glibc: false })).toMatch(/needs glibc/);
  expect(unsupported({ ...machine, platform: 'darwin', glibc: false })).toMatch(/Linux only, this is darwin/);
});

it('knows this machine', () => {
  expect(thisMachine()).toMatchObject({ platform: process.platform, architecture: process.arch });
});
