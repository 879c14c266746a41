import { expect, test } from 'vitest';
import { fixture, readCaptures } from '../support/firstchance.ts';
import { Sandbox } from '../support/sandbox.ts';

// `dotnet test` builds Debug: there a state machine is a class, and the type of its box says nothing of it.
test('what a hanging program awaits is told of a Debug build as well', async () => {
  using sandbox = new Sandbox();
  const running = sandbox.start([
    'run',
    '-mm',
    '--deadline',
    '1s',
    '-x',
    sandbox.session,
    '--',
    'dotnet',
    fixture('hang-debug'),
    'async',
  ]);
  await running.until('firstchance 0001');
  running.child.kill('SIGTERM');
  await running.end();
  expect(readCaptures(sandbox.session)[0]?.awaiting).toMatchObject([
    {
      method: 'Program.<Main>$',
      awaits: [{ method: 'Hang.LoadOrdersAsync', awaits: [{ method: 'Hang.ReadPageAsync' }] }],
    },
  ]);
});
