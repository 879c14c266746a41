import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTrx } from './read-trx.ts';
import { resultOf } from './result-of.ts';
import { requestTrx } from './trx-request.ts';

const trx = (results: string, definitions: string) => `﻿<?xml version="1.0" encoding="utf-8"?>
<TestRun id="1" xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
  <Results>${results}</Results><TestDefinitions>${definitions}</TestDefinitions></TestRun>`;
const result = (id: string, name: string, outcome: string, more = '') =>
  `<UnitTestResult testId="${id}" testName="${name}" outcome="${outcome}" duration="00:00:01.5000000" ${more}/>`;
const definition = (id: string, adapter: string, className: string, name: string) =>
  `<UnitTest id="${id}"><TestMethod adapterTypeName="${adapter}" className="${className}" name="${name}" /></UnitTest>`;

describe('a TRX file', () => {
  it('names tests as stacks and runners do', () => {
    const file = trx(
      [
        result('a', 'Suite.OrderTests.Fails', 'Failed'),
        result(
          'b',
          'Divides(4,0)',
          'Passed',
          'startTime="2026-11-26T01:00:00.5+00:00" endTime="2026-11-26T01:00:02+00:00"',
        ),
        result('c', 'Adds (1,&quot;&lt;b&gt;&quot;)', 'NotExecuted'),
        `<UnitTestResult testId="d" testName="Waits" outcome="Timeout"><Output><StdOut>]]&gt; &lt;x</StdOut><ErrorInfo><Message>a &lt; b</Message></ErrorInfo></Output></UnitTestResult>`,
        result('e', 'Odd', 'Whatever'),
      ].join(''),
      [
        definition('a', 'executor://xunit/VsTestRunner3/netcore/', 'Suite.OrderTests', 'Fails'),
        definition('b', 'executor://nunit3testexecutor/', 'Suite.OrderTests', 'Divides(4,0)'),
        definition('c', 'executor://mstestadapter/v4', 'Suite.Outer+Inner`1', 'Adds'),
        definition('d', 'executor://mstestadapter/v4', 'Suite.OrderTests', 'Waits'),
      ].join(''),
    );
    expect(readTrx(file)).toMatchObject([
      { method: 'Suite.OrderTests.Fails', name: 'Suite.OrderTests.Fails', runner: 'xunit', outcome: 'failed' },
      {
        ...{ method: 'Suite.OrderTests.Divides', name: 'Suite.OrderTests.Divides(4,0)', runner: 'nunit' },
        ...{ outcome: 'passed', durationMs: 1500, startedAt: 1_795_654_800_500, endedAt: 1_795_654_802_000 },
      },
      { method: 'Suite.Outer+Inner.Adds', name: 'Suite.Outer+Inner`1.Adds (1,"<b>")', outcome: 'skipped' },
      { method: 'Suite.OrderTests.Waits', runner: 'mstest', outcome: 'timed-out', startedAt: null, message: 'a < b' },
      { name: 'Odd', runner: 'dotnet test', outcome: 'failed' },
    ]);
  });

  it('with nothing in it is no failure', () => {
    expect(readTrx(trx('', ''))).toEqual([]);
    expect(readTrx('<TestRun id="1"/>')).toEqual([]);
  });

  it.each(['', 'no XML', '<TestRun><Results>', '<other/>', '<!DOCTYPE x [<!ENTITY a "&a;&a;">]><TestRun>&a;</TestRun'])(
    'that is none is refused: %s',
    (text) => expect(() => readTrx(text)).toThrow(),
  );

  it('of any content is read or refused, in a moment', () => {
    const mangled = fc.tuple(fc.nat(800), fc.string({ maxLength: 12 })).map(([at, text]) => {
      const file = trx(result('a', 'A', 'Passed'), definition('a', 'x', 'Suite', 'A'));
      return `${file.slice(0, at)}${text}${file.slice(at + 1)}`;
    });
    fc.assert(
      fc.property(fc.oneof(mangled, fc.string()), (text) => {
        try {
          for (const { name, durationMs } of readTrx(text)) {
            expect(typeof name).toBe('string');
            expect(durationMs).toBeGreaterThanOrEqual(0);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });
});

describe('the result of a test that is known by its method', () => {
  const test = { id: 'S.T', title: ['S.T'], file: null, line: null, runner: 'nunit', attempt: 1, candidates: 1 };
  const one = (name: string, outcome: 'passed' | 'failed', from: number, to: number, message = '') => ({
    ...{ method: 'S.T', name, runner: 'nunit', outcome, durationMs: 1, startedAt: from, endedAt: to, message },
  });
  const at = (time: number, message: string | null = null) => ({ at: time, message });

  it('is the only one, or the case that ran then', () => {
    expect(resultOf(test, at(99_000), [one('S.T(1)', 'failed', 0, 5)])).toMatchObject({
      ...{ test: { id: 'S.T(1)', title: ['S.T(1)'] }, outcome: 'failed' },
    });
    const cases = [one('S.T(1)', 'failed', 0, 1000), one('S.T(2)', 'passed', 6000, 9000)];
    expect(resultOf(test, at(8000), cases)).toMatchObject({ test: { id: 'S.T(2)' }, outcome: 'passed' });
  });

  it('we are asked after the throw: by then the next case may run, and what was thrown tells them apart', () => {
    const cases = [one('S.T(1)', 'failed', 0, 5, 'Error: no stock'), one('S.T(2)', 'passed', 6, 9000)];
    expect(resultOf(test, at(7, 'no stock'), cases)).toMatchObject({ test: { id: 'S.T(1)' }, outcome: 'failed' });
    // It may be of the one or the other: nothing is removed.
    expect(resultOf(test, at(7, 'caught'), cases)).toBeUndefined();
    expect(resultOf(test, at(7), cases)).toBeUndefined();
  });

  it('is what all cases came to, when several may have run then; else it is not known', () => {
    const passed = [one('S.T(1)', 'passed', 0, 9), one('S.T(2)', 'passed', 0, 9)];
    expect(resultOf(test, at(7), passed)).toMatchObject({ test: { id: 'S.T' }, outcome: 'passed' });
    expect(resultOf(test, at(7), [...passed, one('S.T(3)', 'failed', 0, 9)])).toBeUndefined();
    expect(resultOf({ ...test, runner: 'mstest' }, at(7), passed)).toBeUndefined();
  });
});

describe('a command is made to write its results', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trx-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const file = (path: string, text = '') => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const added = (...command: string[]) => requestTrx(command, folder, 'S').command;

  it('VSTest by a logger more, before what belongs to the run settings', () => {
    expect(added('dotnet', 'test', 'x.sln', '--', 'NUnit.X=1')).toEqual([
      ...['dotnet', 'test', '--logger', 'trx;LogFilePrefix=firstchance-S', 'x.sln', '--', 'NUnit.X=1'],
    ]);
    expect(added('dotnet', 'test', '--logger', 'console')).toContain('trx;LogFilePrefix=firstchance-S');
  });

  it('also where folders are named as files are that would be looked into', () => {
    for (const name of ['testproj', 'global.json', 'Directory.Build.props', 'obj/project.assets.json'])
      file(`${name}/a`);
    expect(added('dotnet', 'test')).toContain('trx;LogFilePrefix=firstchance-S');
    expect(added('dotnet', 'test', '--settings', 'testproj')).toContain('trx;LogFilePrefix=firstchance-S');
  });

  it('but not where the user has such a logger: VSTest would drop it', () => {
    file('trx.runsettings', '<Logger friendlyName="trx" enabled="True" />');
    file('own/Directory.Build.props', '<VSTestLogger>trx</VSTestLogger>');
    file('named/a.csproj', '<RunSettingsFilePath>$(MSBuildProjectDirectory)/../trx.runsettings</RunSettingsFilePath>');
    file('bridge/a.csproj', '<TestingPlatformDotnetTestSupport>true</TestingPlatformDotnetTestSupport>');
    file('plain/a.csproj', '<RunSettingsFilePath>none.runsettings</RunSettingsFilePath>');
    expect(requestTrx(['dotnet', 'test', 'plain'], folder, 'S').prefix).toBe('firstchance-S');
    for (const words of [
      ...[['--logger', 'trx'], ['-l', 'trx;LogFileName=a.trx'], ['--logger:trx'], ['-l:"trx;LogFileName=x"']],
      ...[['--settings', 'trx.runsettings'], ['-s', 'trx.runsettings'], ['--settings:trx.runsettings'], ['own']],
      ...[['named'], ['named/a.csproj'], ['bridge']],
    ]) {
      const command = ['dotnet', 'test', ...words];
      expect(requestTrx(command, folder, 'S')).toEqual({ command });
    }
  });

  it('Microsoft.Testing.Platform by its report, where the project has the extension', () => {
    file('global.json', '{ "test": { "runner": "Microsoft.Testing.Platform" } }');
    const plain = ['dotnet', 'test', '-c', 'Release'];
    expect(requestTrx(plain, folder, 'S')).toEqual({ command: plain });
    file('obj/project.assets.json', '{"libraries":{"Microsoft.Testing.Extensions.TrxReport/2.1.0":{}}}');
    const report = ['--report-trx', '--report-trx-filename', 'firstchance-S_{asm}_{tfm}_{pid}.trx'];
    expect(added(...plain)).toEqual([...plain, ...report]);
    expect(added('dotnet', 'test', '--solution', 'a.slnx')).not.toContain('--report-trx');
    expect(added(...plain, '--report-trx')).toEqual([...plain, '--report-trx']);
  });

  it('a test executable too; nothing else', () => {
    for (const name of ['Microsoft.Testing.Extensions.TrxReport', 'Microsoft.Testing.Platform'])
      file(`bin/${name}.dll`);
    expect(added('bin/tests')).toContain('--report-trx');
    expect(added('dotnet', 'bin/tests.dll')).toContain('--report-trx');
    expect(added('dotnet', 'exec', join(folder, 'bin/tests.dll'))).toContain('--report-trx');
    for (const command of [['other/tests'], ['dotnet', 'build'], ['dotnet', 'run'], ['npm', 'test'], ['dotnet'], []])
      expect(added(...command)).toEqual(command);
  });
});
