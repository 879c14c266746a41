import { describe, expect, it, vi } from 'vitest';
import { versionProblem } from './version.ts';
import { DotLine, showsDots, writer } from './write.ts';

it.each(['1.50.0', '1.65.1', '1.99.0-beta-1', ''])('%s is a version that we know', (version) =>
  expect(versionProblem(version)).toBeUndefined(),
);
it.each(['1.49.1', '0.9.0', '2.0.0'])('%s is out of range, and that is said', (version) =>
  expect(versionProblem(version)).toContain(`not ${version}`),
);

describe('lines for people', () => {
  const config = (name: string, quiet = false) => ({ quiet, reporter: [[name]] as [string][] });
  const where = (name: string, { terminal = true, quiet = false, reporters = { onStdErr: vi.fn() } } = {}) => {
    const direct = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    writer(config(name, quiet), reporters, terminal)('x\n');
    const said = { direct: direct.mock.calls.length, reporter: reporters.onStdErr.mock.calls.length };
    direct.mockRestore();
    return said;
  };

  it('go through the reporter that rewrites the terminal', () => {
    for (const name of ['list', 'line', 'dot']) expect(where(name)).toEqual({ direct: 0, reporter: 1 });
  });

  it('go to standard error where a reporter could lose them', () => {
    for (const said of [where('json'), where('list', { terminal: false }), where('list', { quiet: true })])
      expect(said).toEqual({ direct: 1, reporter: 0 });
    const direct = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    writer(config('list'), undefined, true)('x\n');
    expect(direct).toHaveBeenCalledOnce();
    direct.mockRestore();
  });

  it('begin below the dots of tests, where there are any', () => {
    expect(showsDots(config('dot'))).toBe(true);
    expect(showsDots(config('list'))).toBe(false);
    const line = new DotLine();
    expect(line.below('a')).toBe('a');
    line.testEnded();
    line.testEnded();
    expect([line.below('b'), line.below('c')]).toEqual(['\nb', 'c']);
  });
});
