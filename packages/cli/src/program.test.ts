import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CensusRequest, EngineError } from '@firstchance/engine';
import { type CommandName, growthCheckSchema, optionsOf } from '@firstchance/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { optionsDocument } from './options/document.ts';
import type { CliPorts, Surroundings } from './ports.ts';
import { buildProgram, main } from './program.ts';

let folder: string;
let out: string;
let err: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'));
  out = '';
  err = '';
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const missing = () =>
  Promise.reject(
    new EngineError({
      code: 'engine-missing',
      what: 'Looking for the engine',
      why: 'it is not there',
      cure: 'build it',
    }),
  );
const ports: CliPorts = {
  session: {
    startEngine: missing,
    dumper: { writeDump: async (_pid, path) => writeFileSync(path, 'core') },
    attachAgent: async () => {},
    describe: async () => ({ name: 'shop', commandLine: ['shop'], runtime: '10.0.12', architecture: 'x64' }),
    locator: { locate: async () => null, locateAwait: async () => null },
    namer: { name: async () => [] },
    testMethods: async () => null,
    openSink: (path) => ({
      append: (record) => appendFileSync(join(path, 'manifest.jsonl'), `${JSON.stringify(record)}\n`),
      [Symbol.dispose]: () => {},
    }),
  },
  openEngine: missing,
  reportPage: () => '<script type="application/json">"FIRSTCHANCE_REPORT_DATA"</script>',
  listDotnet: async () => [
    { pid: process.pid, commandLine: ['dotnet', 'Shop.dll'], runtime: '10.0.12', hasSocket: true },
  ],
};
const connect = async () => ports;
const surroundings = (change: Partial<Surroundings> = {}): Surroundings => ({
  stdout: {
    write: (text) => {
      out += text;
    },
  },
  stderr: {
    write: (text) => {
      err += text;
    },
  },
  ...{ environment: process.env, folder, version: '1.2.3', ...change },
});
const firstchance = (...args: string[]) => main(args, surroundings(), connect);
const lines = (text: string) => text.trimEnd().split('\n');

describe('help', () => {
  it.each([
    'program',
    ...buildProgram({ version: '1.2.3' } as Surroundings, connect, () => {}).commands.map((command) => command.name()),
  ])('teaches: %s', async (name) => {
    expect(await firstchance(...(name === 'program' ? [] : [name]), '--help')).toBe(0);
    await expect(out).toMatchFileSnapshot(`golden/help-${name}.txt`);
    for (const line of lines(out)) expect(line.length).toBeLessThanOrEqual(120);
  });

  it('is also asked for by a word', async () => {
    const told = async (...args: string[]) => {
      out = '';
      return [await firstchance(...args), out];
    };
    expect(await told('help')).toEqual(await told('--help'));
    expect(await told('help', 'check')).toEqual(await told('check', '--help'));
    expect(out).toMatch(/^Usage: firstchance check/);
  });

  it('docs/options.md says what the table says', async () => {
    await expect(`${optionsDocument().trimEnd()}\n`).toMatchFileSnapshot('../../../docs/options.md');
  });

  it('knows every option of the table in every command that takes it', () => {
    for (const command of buildProgram(surroundings(), connect, () => {}).commands) {
      const takes = optionsOf(command.name() as CommandName);
      for (const { name } of takes)
        expect(command.options.some((option) => option.attributeName() === name)).toBe(true);
    }
  });

  it('prints the version', async () => {
    expect(await firstchance('--version')).toBe(0);
    expect(out).toBe('1.2.3\n');
  });
});

describe('wrong usage is one sentence and 64', () => {
  it.each([
    [['run'], /no command was given/],
    [
      ['run', '--deadlin', '3s', '--', 'x'],
      /unknown option '--deadlin' \(Did you mean --deadline\?\); see firstchance run --help/,
    ],
    [['run', '--deadline', 'soon', '--', 'x'], /--deadline is "soon"; write a time like/],
    [['run', '--dump', 'huge', '--', 'x'], /--dump is "huge"; it must be one of mini, focus, heap, full, none/],
    [['run', '-f'], /argument missing/],
    [['run', '--', './no-such-program'], /found no such program \(ENOENT\)\. Check the path/],
    [['help', 'runn'], /unknown command 'runn' \(Did you mean run\?\)/],
    [['runn'], /unknown command 'runn' \(Did you mean run\?\)/],
    [['ps', 'extra'], /Expected 0 arguments but got 1; see firstchance ps --help/],
    [['dump', '999999999'], /there is no process 999999999/],
    [['dump', 'shop'], /"shop" is no process id/],
    [['show', 'nothing'], /there is no file or folder nothing/],
    [['unpack', 'nothing.zst'], /there is no file nothing\.zst/],
    [['doctor', '0'], /"0" is no process id/],
    [['check', '--op', 'GET /x'], /no program was given; write it last: firstchance check --op/],
    [['check', '--', 'true'], /no operation was given; write for example --op 'POST \/orders'/],
    [['check', '--op', 'GET x', '--', 'true'], /--op is "GET x"; write a path or an http URL/],
    [['check', '--op', '/x', '--op-command', 'y', '--', 'true'], /an operation is one or the other/],
    [['check', '--op', '/x', '--attach', '1', '--', 'true'], /only one of them can be checked/],
    [['check', '--op', '/x', '--attach', '999999999'], /there is no process 999999999/],
    [['check', '--op', '/x', '--op-expect', '4', '--', 'true'], /--op-expect is "4"; write a status like 404/],
    [['check', '--op', '/x', '--ready', 'there', '--', 'true'], /--ready is "there"; write a path/],
    [
      ['check', '--op', '/x', '--budget', '1KB', '--', 'true'],
      /--budget is "1KB"; write a size per operation like 1KB\/op/,
    ],
    [['check', '--op', '/x', '--write-baseline', '--', 'true'], /--write-baseline needs a file/],
    [['check', '--op', '/x', '--suppressions', 'none.yaml', '--', 'true'], /none\.yaml could not be read \(ENOENT\)/],
    [['check', '--op', '/x', '--', './no-such-program'], /found no such program \(ENOENT\)/],
  ])('%j', async (args, message) => {
    expect(await firstchance(...args)).toBe(64);
    const last = lines(err).at(-1) ?? '';
    expect(last).toMatch(/^firstchance: /);
    expect(last).toMatch(message);
    expect(err + out).not.toMatch(/^\s+at .*\.(ts|js):\d+/m);
  });

  it('a wrong configuration names file and key', async () => {
    writeFileSync(join(folder, 'firstchance.config.json'), '{"deadlne":"3s"}');
    expect(await firstchance('run', '--', 'true')).toBe(64);
    expect(err).toBe('firstchance: firstchance.config.json: unknown key "deadlne"; did you mean "deadline"?\n');
  });
});

describe('run', () => {
  it("without an engine warns, goes on, and returns the command's code", async () => {
    expect(await firstchance('run', '--', '/bin/sh', '-c', 'exit 3')).toBe(3);
    expect(err).toContain('problem: the engine could not be started');
    expect(lines(err).at(-1)).toBe('exit code 3: the command ended with 3');
    const [session] = readdirSync(join(folder, '.firstchance')).filter((name) => /^\d/.test(name));
    const files = ['junit.xml', 'manifest.jsonl', 'report.html', 'session.json', 'summary.md'];
    const path = join(folder, '.firstchance', session ?? '');
    expect(readdirSync(path).sort()).toEqual(files);
    for (const file of ['junit.xml', 'report.html', 'summary.md'])
      expect(statSync(join(path, file)).mode & 0o777).toBe(0o600);
    expect(existsSync(join(folder, '.firstchance', 'latest', 'manifest.jsonl'))).toBe(true);
  });

  it('with --require-capture is 93 then, and says why in the last line', async () => {
    expect(await firstchance('run', '--require-capture', 'true')).toBe(93);
    expect(lines(err).at(-1)).toMatch(/^exit code 93: captures are not possible: .*it is not there/);
  });

  it('--json writes records to standard output and nothing else', async () => {
    await firstchance('run', '--json', '-x', 'here', '--', 'true');
    const records = lines(out).map((line) => JSON.parse(line) as { record: string });
    expect(records.map((record) => record.record)).toEqual(['session', 'problem', 'end']);
    expect(readFileSync(join(folder, 'here', 'manifest.jsonl'), 'utf8')).toBe(out);
  });

  it('appends to a folder that holds a session already', async () => {
    await firstchance('run', '-x', 'here', '--', 'true');
    await firstchance('run', '-x', 'here', '--', 'true');
    const records = lines(readFileSync(join(folder, 'here', 'manifest.jsonl'), 'utf8')).map((line) => JSON.parse(line));
    expect(records.filter((record) => record.record === 'end')).toHaveLength(2);
    expect(new Set(records.map((record) => record.session)).size).toBe(2);
  });

  it('says when the output folder cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect(await firstchance('run', '-x', 'file/x', '--', 'true')).toBe(93);
    expect(err).toMatch(/Making the session folder .*: a part of the path is no folder \(ENOTDIR\)/);
  });

  it('-q says only problems and the last line', async () => {
    await firstchance('run', '-q', 'true');
    expect(lines(err).slice(2)).toEqual(['exit code 0: the command ended with 0']);
  });
});

describe('check', () => {
  it('of a program that runs no .NET is 93, says why, and leaves the program ended', async () => {
    const args = [
      'check',
      '--op',
      'GET /x',
      '--ready-timeout',
      '300ms',
      '--json',
      '--',
      '/bin/sh',
      '-c',
      'echo hello; sleep 600',
    ];
    expect(await firstchance(...args)).toBe(93);
    const check = JSON.parse(out) as { verdict: string; reason: string };
    expect(growthCheckSchema.safeParse(check).error).toBeUndefined();
    expect(check.verdict).toBe('INFRASTRUCTURE_ERROR');
    expect(check.reason).toMatch(
      /^Waiting until ".*sleep 600" is ready: after 300 ms no \.NET process runs in it; the last it wrote: hello$/,
    );
    expect(lines(err).at(-1)).toMatch(/^exit code 93: INFRASTRUCTURE ERROR: Waiting until/);
    const records = lines(readFileSync(join(folder, '.firstchance/latest/manifest.jsonl'), 'utf8')).map((line) =>
      JSON.parse(line),
    );
    expect(records.find((record) => record.record === 'check')).toMatchObject({ path: 'checks/0001.json' });
    expect(records.at(-1)).toMatchObject({ record: 'end', exitCode: 93, verdict: 'INFRASTRUCTURE_ERROR', checks: 1 });
  });

  it('of a program that ends by itself tells how, and what it wrote last', async () => {
    expect(await firstchance('check', '--op', 'GET /x', '--', '/bin/sh', '-c', 'echo port is taken >&2; exit 5')).toBe(
      93,
    );
    expect(err).toMatch(/ended with 5; the last it wrote: port is taken/);
  });
});

it('dump falls back to createdump and shows what it has', async () => {
  expect(await firstchance('dump', String(process.pid), '-x', 'd')).toBe(0);
  expect(out).toContain('by createdump');
  expect(out).toContain('not measured');
  expect(readFileSync(join(folder, 'd/captures/0001-manual/dump.core'), 'utf8')).toBe('core');
  out = '';
  expect(await firstchance('show', 'd')).toBe(0);
  expect(lines(out)[0]).toBe('0001-manual');
  out = '';
  await firstchance('dump', '--json', String(process.pid), '-x', 'd');
  expect(JSON.parse(out)).toMatchObject({
    record: 'capture',
    id: '0002-manual',
    captureMethod: 'createdump',
    pauseMs: null,
  });
});

describe('Ctrl-C', () => {
  /** Works until it is cancelled, with a file half written; the signal comes meanwhile. */
  const interrupted = (file: string, signal?: AbortSignal): Promise<never> => {
    writeFileSync(file, 'half');
    return new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(Object.assign(new Error('cancelled'), { code: 'cancelled' })));
      process.emit('SIGINT');
    });
  };
  const startEngine = async () =>
    ({
      take: ({ folder }: { folder: string }, { signal }: { signal?: AbortSignal }) =>
        interrupted(join(folder, 'dump.core'), signal),
      census: ({ graph }: CensusRequest, { signal }: { signal?: AbortSignal } = {}) =>
        interrupted(join(graph?.folder ?? folder, 'heap.fch'), signal),
      ...{ disarm: async () => {}, cancel: async () => {}, [Symbol.asyncDispose]: async () => {} },
    }) as unknown as Awaited<ReturnType<CliPorts['session']['startEngine']>>;
  const withEngine = (...args: string[]) =>
    main(args, surroundings(), async () => ({ ...ports, session: { ...ports.session, startEngine } }));

  it('removes half a dump, and ends the session', async () => {
    expect(await withEngine('dump', String(process.pid), '-x', 'd')).toBe(130);
    expect(readdirSync(join(folder, 'd')).sort()).toEqual(['.gitignore', 'captures', 'manifest.jsonl', 'session.json']);
    expect(readdirSync(join(folder, 'd/captures'))).toEqual([]);
    expect(readFileSync(join(folder, 'd/manifest.jsonl'), 'utf8')).toMatch(/"record":"end".*"exitCode":130/);
  });

  it('removes half a graph of a census', async () => {
    expect(await withEngine('census', String(process.pid), '--graph', 'now.fch')).toBe(130);
    expect([out, err, readdirSync(folder)]).toEqual(['', '', []]);
  });
});

it('a file that cannot be written or read is named', async () => {
  symlinkSync(join(folder, 'gone/config.json'), join(folder, 'firstchance.config.json'));
  expect(await firstchance('init')).toBe(93);
  expect(err).toContain(`Writing ${join(folder, 'firstchance.config.json')}: there is no such file or folder`);
  err = '';
  rmSync(join(folder, 'firstchance.config.json'));
  writeFileSync(join(folder, '.firstchance'), 'a file');
  expect(await firstchance('clean')).toBe(93);
  expect(err).toContain(`Removing sessions in ${join(folder, '.firstchance')}: a part of the path is no folder`);
  expect(err).not.toContain('-x FOLDER');
});

it('ps, doctor and clean answer as JSON', async () => {
  await firstchance('ps', '--json');
  expect(JSON.parse(out)).toMatchObject([{ pid: process.pid, name: 'Shop', captureMethod: 'createdump' }]);
  out = '';
  await firstchance('doctor', '--json');
  expect(JSON.parse(out)).toMatchObject({
    schema: 1,
    methods: [{ captureMethod: 'clone', available: false }, {}, {}, { available: true }],
  });
  out = '';
  for (const name of ['20260101-000000-aaaaaa', '20260102-000000-aaaaaa', 'mine'])
    mkdirSync(join(folder, '.firstchance', name), { recursive: true });
  await firstchance('clean', '--keep-sessions', '1', '--json');
  expect(JSON.parse(out)).toEqual({ schema: 1, removed: ['20260101-000000-aaaaaa'], left: 1 });
  expect(existsSync(join(folder, '.firstchance', 'mine'))).toBe(true);
});

it('init says what it would do and does it once', async () => {
  writeFileSync(join(folder, 'package.json'), '{"devDependencies":{"jest":"30"}}');
  await firstchance('init', '--dry-run');
  expect(out).toContain('would change package.json');
  expect(existsSync(join(folder, '.gitignore'))).toBe(false);
  await firstchance('init');
  expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('.firstchance/\n');
  out = '';
  await firstchance('init');
  expect(out).toContain('nothing to do');
});

it('init names a command that can be typed in a project that has us installed', async () => {
  writeFileSync(join(folder, 'Shop.Tests.csproj'), '<PackageReference Include="NUnit" />');
  await firstchance('init', '--dry-run');
  expect(lines(out).at(-1)).toBe('try: npx firstchance run -- dotnet test');
});

it('the published command starts', () => {
  const bin = new URL('../bin/firstchance.js', import.meta.url).pathname;
  if (!existsSync(new URL('../dist/bin.js', import.meta.url))) throw new Error('build first: npx tsc -b packages/cli');
  const { stdout, status } = spawnSync(process.execPath, [bin, '--version'], { encoding: 'utf8' });
  expect({ stdout, status }).toEqual({ stdout: '0.1.0\n', status: 0 });
});

it.each([
  [['--version'], 0],
  [['run', '--help'], 0],
  [['run', '--deadlin', '3s'], 64],
])('%j loads no command: it would take most of a second', (args, code) => {
  const bin = new URL('../bin/firstchance.js', import.meta.url).pathname;
  // V8 writes down every script that was loaded.
  const env = { ...process.env, NODE_V8_COVERAGE: folder };
  expect(spawnSync(process.execPath, [bin, ...args], { env }).status).toBe(code);
  const [file = ''] = readdirSync(folder);
  const { result } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { result: { url: string }[] };
  const loaded = result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
  expect(loaded.some((url) => url.endsWith('/command-table.js'))).toBe(true);
  expect(loaded.filter((url) => /\/(commands|session|zod|report)\//.test(url))).toEqual([]);
});

describe('report and merge', () => {
  /** A session of a command that failed. */
  async function session(name: string): Promise<string> {
    await firstchance('run', '-x', name, '--', '/bin/sh', '-c', 'exit 3');
    [out, err] = ['', ''];
    return name;
  }

  it('report writes its files again and says where', async () => {
    const name = await session('one');
    for (const file of ['report.html', 'summary.md', 'junit.xml']) rmSync(join(folder, name, file));
    expect(await firstchance('report', name)).toBe(0);
    expect(out).toBe('one/report.html\n');
    expect(readFileSync(join(folder, name, 'summary.md'), 'utf8')).toContain('the command ended with 3');
  });

  it.each([
    ['--markdown', /^## ❌ firstchance: failed/],
    ['--junit', /^<\?xml version="1.0"/],
    ['--sarif', /"version": "2.1.0"/],
    ['--html', /^<script type="application\/json">\{"schema":1/],
    ['--json', /^\{"schema":1,"runs":\[/],
    ['--annotations', /^::warning title=firstchance could not/],
  ])('report %s goes to standard output, and nothing else does', async (form, expected) => {
    const name = await session('one');
    expect(await firstchance('report', name, form)).toBe(0);
    expect(out).toMatch(expected);
    expect(err).toBe('');
  });

  it('report without a folder is of the last session', async () => {
    await firstchance('run', 'true');
    [out, err] = ['', ''];
    expect(await firstchance('report', '--json')).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ outcome: { exitCode: 0 }, runs: [{ command: ['true'] }] });
  });

  it('says what is wrong with wrong usage', async () => {
    expect(await firstchance('report')).toBe(64);
    expect(err).toContain('there is no session in .firstchance here');
    expect(await firstchance('report', 'nowhere')).toBe(64);
    expect(await firstchance('merge', 'nowhere')).toBe(64);
    expect(await firstchance('report', await session('one'), '--html', '--junit')).toBe(64);
    expect(await firstchance('merge', 'one', '-x', 'one')).toBe(64);
  });

  it('merge makes one session of several, with a report of its own', async () => {
    const names = [await session('one'), await session('two')];
    expect(await firstchance('merge', '-x', 'all', ...names)).toBe(0);
    expect(out).toBe('2 sessions with 0 captures in all\n');
    expect(readFileSync(join(folder, 'all/junit.xml'), 'utf8')).toContain('tests="2" failures="2"');
    out = '';
    expect(await firstchance('merge', '--json', '-x', 'all', 'one')).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      folder: 'all',
      sessions: [],
      problems: [expect.stringContaining('is there already')],
    });
  });
});
