import { copyFileSync, cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { GrowthCheck, HeapPathResult } from '@firstchance/model';
import { expect, test } from 'vitest';
import { fixture } from '../support/firstchance.ts';
import { freePort } from '../support/free-port.ts';
import { Sandbox } from '../support/sandbox.ts';

const sources = path.join(path.dirname(fixture('growth-web')), '..');
const lineOf = (file: string, text: string) =>
  readFileSync(path.join(sources, file), 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text)) + 1;

test('the place that creates what leaks is named with its line, until the program is another build', async () => {
  using sandbox = new Sandbox();
  const app = path.join(sandbox.path, 'app');
  cpSync(path.dirname(fixture('growth-web')), app, { recursive: true });
  const program = ['dotnet', path.join(app, 'growth-web.dll'), '--urls', `http://127.0.0.1:${await freePort()}`];
  const operation = ['--op', 'POST /run?kind=leak-event&n={n}'];
  const outcome = await sandbox.firstchance(['check', '--json', ...operation, '-x', sandbox.session, '--', ...program]);
  expect(outcome.code).toBe(90);

  const line = lineOf('Operations.cs', 'new Subscriber()');
  const { growth, graphs } = JSON.parse(outcome.stdout) as GrowthCheck;
  const subscriber = growth.find(({ type }) => type === 'Shop.Subscriber');
  expect(subscriber?.createdIn).toEqual({
    places: [
      {
        method: expect.stringMatching(/^Shop\.Operations\+<>c\.<\.cctor>b__\d+_\d+$/),
        ...{ file: expect.stringMatching(/\/fixtures\/growth-web\/Operations\.cs$/), line },
      },
    ],
    ...{ of: 1, sure: true },
  });
  // The delegate that is subscribed is one of many; the path tells it from the others, and IL which method it calls.
  const action = growth.find(({ type }) => type === 'System.Action');
  expect(action?.createdIn).toMatchObject({ places: [{ line, calls: 'Shop.Subscriber.OnChanged' }], sure: false });

  const heap = path.join(sandbox.session, graphs?.after ?? '');
  const command = ['path', heap, '--type', 'Shop.Subscriber'];
  const ask = async () => {
    const { stdout } = await sandbox.firstchance([...command, '--json']);
    return (JSON.parse(stdout) as HeapPathResult).createdIn;
  };
  expect(await ask()).toEqual(subscriber?.createdIn);
  const { stdout: text } = await sandbox.firstchance(command);
  expect(text).toMatch(new RegExp(`^ {2}created in lambda of Shop\\.Operations \\(Operations\\.cs:${line}\\)$`, 'm'));
  copyFileSync(fixture('growth-corpus'), path.join(app, 'growth-web.dll'));
  expect(await ask()).toBeNull();
});
