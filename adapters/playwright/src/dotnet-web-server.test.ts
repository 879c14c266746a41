import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dotnetWebServer } from './dotnet-web-server.ts';

it('listens where the url says, unless the environment says otherwise', () => {
  const server = dotnetWebServer({ args: ['shop.dll'], url: 'http://127.0.0.1:5005/health', timeout: 7 });
  expect(server).toEqual({
    ...{ command: "exec 'dotnet' 'shop.dll'", url: 'http://127.0.0.1:5005/health', timeout: 7 },
    env: { ASPNETCORE_URLS: 'http://127.0.0.1:5005' },
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
  });
  expect(dotnetWebServer({ port: 5006, env: { ASPNETCORE_URLS: 'http://*:1', A: 'b' } })).toMatchObject({
    env: { ASPNETCORE_URLS: 'http://*:1', A: 'b' },
  });
  expect(dotnetWebServer({ command: '/opt/shop' })).toMatchObject({ command: "exec '/opt/shop'", env: {} });
});

it('an argument that is none is named', () => {
  expect(() => dotnetWebServer({ args: ['run', process.env.NOT_SET as string] })).toThrow(/args\[1\] is undefined/);
});

it('arguments reach the program as they are, whatever the shell would make of them', () => {
  const arguments_ = fc.array(fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')));
  fc.assert(
    fc.property(arguments_, (args) => {
      const script = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
      const { command } = dotnetWebServer({ command: process.execPath, args: ['-e', script, '--', ...args] });
      expect(JSON.parse(execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' }))).toEqual(
        args.map((text) => Buffer.from(text).toString()),
      );
    }),
    { numRuns: 10 },
  );
});
