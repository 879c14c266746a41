import { expect, test } from 'vitest';
import { fixture, readCaptures } from '../support/firstchance.ts';
import { Sandbox } from '../support/sandbox.ts';

// Code that was compiled twice has two maps of its lines.
test('lines in code that the runtime has optimised are those the runtime says', async () => {
  using sandbox = new Sandbox();
  const outcome = await sandbox.run(['-mm', '-e', '1', '-n', '3'], ['dotnet', fixture('hot-code')]);
  expect(outcome.code).toBe(0);
  const captured = readCaptures(sandbox.session).map(
    ({ exception }) => `${exception?.message}: ${exception?.stack[0]?.line}`,
  );
  expect(captured.sort()).toEqual(outcome.stdout.trim().split('\n').sort());
  expect(captured).toHaveLength(3);
});
