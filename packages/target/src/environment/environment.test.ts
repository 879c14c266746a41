import { describe, expect, it } from 'vitest';
import { withAgent } from './agent.ts';
import { mayBuild } from './build-servers.ts';
import { CI_CREDENTIALS, scrubEnvironment } from './credentials.ts';
import { targetEnvironment } from './environment.ts';

const agent = { clsid: 'b1d2c3a4-0000-0000-0000-000000000001', path: '/opt/fc/libfirstchance_agent.so' };
const entry = '/opt/fc/libfirstchance_agent.so={B1D2C3A4-0000-0000-0000-000000000001};';

describe('the agent in the environment', () => {
  it('is a notification-only profiler, its list ends with a semicolon', () => {
    expect(withAgent({}, agent)).toEqual({
      CORECLR_ENABLE_NOTIFICATION_PROFILERS: '1',
      CORECLR_NOTIFICATION_PROFILERS: entry,
    });
  });

  it.each(['/other.so={X}', '/other.so={X};', `/other.so={X};${entry}`])('keeps a list that is there: %s', (list) => {
    expect(withAgent({ CORECLR_NOTIFICATION_PROFILERS: list }, agent).CORECLR_NOTIFICATION_PROFILERS).toBe(
      `/other.so={X};${entry}`,
    );
  });
});

describe('credentials', () => {
  it('never reach the target, allowed or not', () => {
    const base = Object.fromEntries(CI_CREDENTIALS.map((name) => [name, 'x']));
    const { environment, removed } = scrubEnvironment({ ...base, PATH: '/bin' }, { allow: ['ACTIONS_*'] });
    expect(environment).toEqual({ PATH: '/bin' });
    expect(removed).toEqual([...CI_CREDENTIALS].sort());
  });

  it('leaves the rest unchanged without scrub', () => {
    const base = { GITHUB_TOKEN: 'x', DB_PASSWORD: 'y', PATH: '/bin' };
    expect(scrubEnvironment(base).environment).toEqual(base);
  });

  it('removes what looks like a secret with scrub, except what is allowed', () => {
    const base = {
      ...{
        GITHUB_TOKEN: 'x',
        DB_PASSWORD: 'y',
        ConnectionStrings__Main: 'z',
        AWS_SECRET_ACCESS_KEY: 'k',
        STRIPE_API_KEY: 's',
      },
      ...{ PATH: '/bin', PWD: '/w', HOME: '/h', AUTHOR: 'me', KEYBOARD: 'us' },
    };
    expect(scrubEnvironment(base, { scrub: true }).environment).toEqual({
      ...{ PATH: '/bin', PWD: '/w', HOME: '/h', AUTHOR: 'me', KEYBOARD: 'us' },
    });
    expect(scrubEnvironment(base, { scrub: true, allow: ['DB_*'] }).removed).not.toContain('DB_PASSWORD');
  });
});

describe('targetEnvironment', () => {
  it('keeps build servers from staying behind, only where a build may run', () => {
    const options = { sessionFolder: '/s', agent };
    const test = targetEnvironment({}, { ...options, command: ['dotnet', 'test'] }).environment;
    expect(test).toMatchObject({
      UseSharedCompilation: 'false',
      MSBUILDDISABLENODEREUSE: '1',
      FIRSTCHANCE_SESSION: '/s',
    });
    const app = targetEnvironment({}, { ...options, command: ['dotnet', 'app.dll'] }).environment;
    expect(app).not.toHaveProperty('UseSharedCompilation');
    const chosen = targetEnvironment({ UseSharedCompilation: 'true' }, { ...options, command: ['npm', 'test'] });
    expect(chosen.environment.UseSharedCompilation).toBe('true');
  });

  it('changes nothing else', () => {
    const base = { PATH: '/bin', LANG: 'de_DE.UTF-8', WEIRD: 'a=b\nc' };
    const { environment } = targetEnvironment(base, { command: ['app'], sessionFolder: '/s' });
    expect(environment).toEqual({ ...base, FIRSTCHANCE_SESSION: '/s' });
  });

  it.each([
    [['dotnet', 'test'], true],
    [['/usr/bin/dotnet', '--diagnostics', 'build'], true],
    [['npm', 'run', 'e2e'], true],
    [['./ci.sh'], true],
    [['dotnet', 'app.dll'], false],
    [['dotnet', 'exec', 'app.dll'], false],
    [['./Shop'], false],
  ])('mayBuild %j is %s', (command, expected) => {
    expect(mayBuild(command)).toBe(expected);
  });
});
