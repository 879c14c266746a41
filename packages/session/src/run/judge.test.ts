import { expect, it } from 'vitest';
import { judge } from './judge.ts';

const leak = { verdict: 'LEAK', reason: 'it leaks', code: 90 } as const;
const warned = { verdict: 'INCONCLUSIVE', reason: 'who knows', code: 0 } as const;
const broken = { verdict: 'INFRASTRUCTURE_ERROR', reason: 'it broke', code: 93 } as const;
const fine = { verdict: 'PASS', reason: 'nothing grows', code: 0 } as const;

it.each([
  [[], { code: 0, verdict: null, reason: 'the command ended with 0' }],
  [[fine], { code: 0, verdict: 'PASS', reason: 'nothing grows' }],
  [[fine, leak], { code: 90, verdict: 'LEAK', reason: 'it leaks' }],
  [[leak, broken], { code: 93, verdict: 'INFRASTRUCTURE_ERROR', reason: 'it broke' }],
  [[warned], { code: 0, verdict: 'INCONCLUSIVE', reason: 'who knows' }],
])('%j', (outcomes, expected) => {
  expect(judge(0, undefined, undefined, outcomes)).toEqual(expected);
});

it("the command's own code comes before all of ours, and what could not be done before what was found", () => {
  expect(judge(5, undefined, undefined, [leak])).toEqual({
    code: 5,
    verdict: 'LEAK',
    reason: 'the command ended with 5',
  });
  expect(judge(0, 'no engine', undefined, [leak])).toMatchObject({ code: 93, reason: 'no engine' });
  expect(judge(0, undefined, 'no engine')).toMatchObject({ code: 93, reason: 'captures are not possible: no engine' });
});
