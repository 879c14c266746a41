import { describe, expect, it } from 'vitest';
import { childEnvironment } from './child-environment.ts';
import { commandWords } from './command-words.ts';

const words = (run: string) => commandWords(run, '/', '/bin:/usr/bin');
const bash = (script: string) => ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', script];

describe('the input run as a command', () => {
  it.each([
    ['ls -la /tmp --color=auto', ['ls', '-la', '/tmp', '--color=auto']],
    ['  env\t-i \n', ['env', '-i']],
    ['/bin/sh x', ['/bin/sh', 'x']],
  ])('plain words need no shell: %j', (run, expected) => {
    expect(words(run)).toEqual(expected);
  });

  it.each([
    'exit 3',
    'A=1 ls',
    'ls *.cs',
    'ls; ls',
    'ls\nls',
    "echo 'a b'",
    'echo $HOME',
    'ls ~',
    'ls > x',
    'no-such-program x',
    '/tmp x',
  ])('anything else is for bash: %j', (run) => {
    expect(words(run)).toEqual(bash(run));
  });
});

it('what is of the action alone stays with it', () => {
  const environment = {
    INPUT_RUN: 'x',
    'INPUT_ALLOW-ENV': 'y',
    STATE_folder: 'z',
    GITHUB_STATE: 's',
    GITHUB_ENV: 'e',
    PATH: 'p',
  };
  expect(childEnvironment(environment)).toEqual({ GITHUB_ENV: 'e', PATH: 'p' });
});
