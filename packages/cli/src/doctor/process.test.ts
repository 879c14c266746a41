import type { ProcessFacts } from '@firstchance/engine';
import { expect, it } from 'vitest';
import { processFindings } from './process.ts';

const none: ProcessFacts['runtime'] = { kind: 'none', path: '', version: '', buildId: '', libc: '', dacPath: null };
const bash: ProcessFacts = {
  ...{ pid: 7, name: 'bash', commandLine: ['bash'], uid: 1000, architecture: 'x64', namespacePid: 7 },
  ...{ sameMountNamespace: true, tracerPid: 0, seccompMode: 0, residentBytes: 1, threads: 1, startTime: 1 },
  ...{ runtime: { ...none, why: 'it has no .NET runtime loaded' }, methods: [] },
};

it('one problem has one cure', () => {
  expect(processFindings(bash, 1000)).toEqual([
    {
      what: 'process 7 runs no .NET, or not yet',
      cure: 'name the process that a launcher (a shell, dotnet run) started; firstchance ps lists those that run .NET',
    },
  ]);
});
