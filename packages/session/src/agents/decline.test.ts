import { expect, it } from 'vitest';
import { isDeclined } from './decline.ts';

it.each([
  ['dotnet test --no-build', true],
  ['/usr/bin/dotnet run', true],
  ['dotnet /usr/share/dotnet/sdk/10.0.401/MSBuild.dll /nodemode:1', true],
  ['/usr/share/dotnet/dotnet exec /sdk/Roslyn/bincore/VBCSCompiler.dll -pipename:x', true],
  ['dotnet exec --depsfile a.json /sdk/10.0.401/vstest.console.dll --port 1', true],
  ['/sdk/Roslyn/bincore/csc @x.rsp', true],
  ['dotnet exec --runtimeconfig x.json --depsfile y.json /p/testhost.dll --port 1', false],
  ['dotnet app.dll test', false],
  ['/app/bin/x3 --server dotnettestcli --dotnet-test-pipe y', false],
  ['/opt/shop/app test', false],
])('%s: %s', (line, declined) => {
  expect(isDeclined(line.split(' '))).toBe(declined);
});

it('judges an empty command line as nothing to decline', () => {
  expect(isDeclined([])).toBe(false);
});
