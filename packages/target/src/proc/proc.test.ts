import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processName, readCommandLine, readProgram } from './command-line.ts';
import { readEnvironment } from './environ.ts';
import { listProcesses } from './list.ts';
import { parseStatusMemory, readMemory } from './memory.ts';
import { mappedRuntime, mapsNameCoreClr } from './runtime.ts';
import { isAlive, parseStat, readStat } from './stat.ts';

describe('/proc/PID/stat', () => {
  it('reads this process', () => {
    const stat = readStat(process.pid);
    expect(stat?.pid).toBe(process.pid);
    expect(stat?.parentPid).toBe(process.ppid);
    expect(stat?.startTime).toBeGreaterThan(0n);
    expect(isAlive(process.pid, stat?.startTime)).toBe(true);
    expect(isAlive(process.pid, 1n)).toBe(false);
  });

  it('takes names with spaces and parentheses', () => {
    const line = `42 (a) b (c)) S 1 42 42 0 -1 4194304 ${'0 '.repeat(12)}777 0`;
    expect(parseStat(line)).toMatchObject({ pid: 42, comm: 'a) b (c)', state: 'S', parentPid: 1, startTime: 777n });
  });

  it('never throws on other text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseStat(text)));
    const prefix = fc.tuple(fc.nat(), fc.string(), fc.string());
    fc.assert(fc.property(prefix, ([pid, name, rest]) => void parseStat(`${pid} (${name}) ${rest}`)));
  });
});

describe('other files of /proc', () => {
  it('a program that execs while it is read has the old executable, so that who looks again reads again', () => {
    let now = { executable: '/bin/sh', commandLine: ['sh', '-c', 'exec sleep 1'] };
    const exec = <T>(value: T): T => {
      now = { executable: '/bin/sleep', commandLine: ['sleep', '1'] };
      return value;
    };
    const executableOf = () => exec(now.executable);
    const argumentsOf = () => exec(now.commandLine);
    expect(readProgram(1, executableOf, argumentsOf)).toEqual({ executable: '/bin/sh', commandLine: ['sleep', '1'] });
  });

  it('knows arguments, environment and memory of this process', () => {
    expect(readCommandLine(process.pid)[0]).toContain('node');
    expect(readEnvironment(process.pid)?.get('PATH')).toBeDefined();
    expect(readMemory(process.pid)?.residentBytes).toBeGreaterThan(1_000_000);
    expect(mappedRuntime(process.pid)).toBe('none');
    expect(listProcesses().some((stat) => stat.pid === process.pid)).toBe(true);
  });

  it('answers with nothing for a pid nobody has', () => {
    expect(readStat(4_194_304 + 1)).toBeUndefined();
    expect(readCommandLine(4_194_304 + 1)).toEqual([]);
    expect(readMemory(4_194_304 + 1)).toBeUndefined();
    expect(mappedRuntime(4_194_304 + 1)).toBe('unreadable');
  });

  it('adds up to bytes, and wants a VmRSS line', () => {
    expect(parseStatusMemory('VmRSS:\t  12 kB\nVmSwap:\t 3 kB\n')).toEqual({
      residentBytes: 12288,
      swappedBytes: 3072,
    });
    expect(parseStatusMemory('Name:\tx\n')).toBeUndefined();
  });

  it('finds the runtime by file name, deleted or not', () => {
    const line =
      '7f00-7f01 r-xp 00000000 08:01 12 /usr/share/dotnet/shared/Microsoft.NETCore.App/10.0.12/libcoreclr.so';
    expect(mapsNameCoreClr(`${line}\n`)).toBe(true);
    expect(mapsNameCoreClr(`${line} (deleted)\n`)).toBe(true);
    expect(mapsNameCoreClr(line.replace('libcoreclr', 'libcoreclrtraceptprovider'))).toBe(false);
  });
});

describe('processName', () => {
  it.each([
    [['dotnet', '/app/Shop.dll', '--port', '1'], 'Shop'],
    [['/usr/bin/dotnet', 'exec', '--runtimeconfig', 'x.json', '/sdk/testhost.dll', '--port', '1'], 'testhost'],
    [['/app/bin/Shop'], 'Shop'],
    [['dotnet', 'test'], 'dotnet'],
    [[], 'unknown'],
  ])('%j is %s', (commandLine, name) => {
    expect(processName(commandLine)).toBe(name);
  });
});
