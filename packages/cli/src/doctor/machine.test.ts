import { describe, expect, it } from 'vitest';
import { switchFindings } from './diagnostics-switch.ts';
import { type MachineFacts, machineFindings, noEngineHere, readMachineFacts } from './machine.ts';

const fine: MachineFacts = {
  ...{ platform: 'linux', architecture: 'x64', ptraceScope: 1, uid: 1000, capabilities: 0n, seccompMode: 0 },
  ...{ libc: 'glibc', glibcVersion: '2.36', container: undefined, freeBytes: 50e9 },
};

it('finds nothing on a usual machine', () => {
  expect(machineFindings(fine)).toEqual([]);
  expect(machineFindings({ ...fine, ptraceScope: undefined })).toEqual([]);
});

it.each<[string, Partial<MachineFacts>, RegExp]>([
  ['yama 3', { ptraceScope: 3, capabilities: 1n << 19n }, /ptrace_scope is 3/],
  ['yama 2 without capability', { ptraceScope: 2 }, /CAP_SYS_PTRACE/],
  ['musl', { libc: 'musl', glibcVersion: undefined }, /musl/],
  ['an old glibc', { glibcVersion: '2.31' }, /older than 2\.35/],
  ['little space', { freeBytes: 12e6 }, /only 12 MB/],
  ['another system', { platform: 'darwin' }, /Linux only/],
  ['another processor', { architecture: 'ia32' }, /ia32/],
])('names %s', (_name, facts, expected) => {
  const findings = machineFindings({ ...fine, ...facts });
  expect(findings).toHaveLength(1);
  expect(findings[0]?.what).toMatch(expected);
  expect(findings[0]?.cure).not.toBe('');
});

it('lets yama 2 pass with the capability', () => {
  expect(machineFindings({ ...fine, ptraceScope: 2, capabilities: 1n << 19n })).toEqual([]);
});

it('tells a machine without an engine from one where it is not installed', () => {
  expect(noEngineHere(fine)).toBeUndefined();
  expect(noEngineHere({ ...fine, ptraceScope: 3, freeBytes: 1 })).toBeUndefined();
  for (const facts of [{ platform: 'darwin' }, { libc: 'musl' }, { architecture: 'ia32' }] as const)
    expect(machineFindings({ ...fine, ...facts })).toEqual([noEngineHere({ ...fine, ...facts })]);
});

it('reads this machine, also for a folder that does not exist yet', () => {
  const facts = readMachineFacts('/no/such/folder/yet');
  expect(facts.freeBytes).toBeGreaterThan(0);
  expect(facts.libc === 'musl' || facts.glibcVersion !== undefined).toBe(true);
});

describe('diagnostics switched off', () => {
  it.each([
    ['DOTNET_EnableDiagnostics', '0', true],
    ['COMPlus_EnableDiagnostics', '0x0', true],
    ['DOTNET_EnableDiagnostics_Profiler', '00', true],
    ['DOTNET_EnableDiagnostics', '1', false],
    ['DOTNET_EnableDiagnostics_Debugger', '0', false],
  ])('%s=%s', (name, value, off) => {
    expect(switchFindings(new Map([[name, value]]), 'it').length > 0).toBe(off);
  });

  it('says what is lost', () => {
    const [finding] = switchFindings(new Map([['DOTNET_EnableDiagnostics_IPC', '0']]), 'Shop (pid 7)');
    expect(finding?.what).toContain('cannot be attached to');
    expect(finding?.cure).toContain('remove DOTNET_EnableDiagnostics_IPC');
  });
});
