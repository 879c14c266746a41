import { describe, expect, it } from 'vitest';
import { judgeBytes } from '../rules/bytes.ts';
import type { Sample } from '../series/sample.ts';
import { Window } from '../series/window.ts';
import { settingsOf } from './settings.ts';
import { nextStage } from './stage.ts';

const ORDERS = [
  [0, 10, 20],
  [20, 0, 10],
  [10, 20, 0],
];
const LEAK = 16_000;
/** Arenas of the compiler by round: three in the first twelve. */
const ARENAS: Readonly<Record<number, number>> = { 2: -5.3e6, 5: -1.5e6, 6: 1.6e6 };

/** Malloc of slow operations that leak, beside what the compiler takes and frees. */
function judged(blocks: number, arenas = ARENAS, leak = LEAK) {
  const doses = [0, ...Array.from({ length: blocks }, (_, at) => ORDERS[at % ORDERS.length] ?? []).flat()];
  let bytes = 13e6;
  const samples = doses.map((dose, index): Sample => {
    bytes += leak * dose + (index === 0 ? 0 : (arenas[index - 1] ?? 0));
    return {
      step: { kind: 'round', index, phase: 'measure', dose },
      types: new Map(),
      channels: new Map([['mallocBytes', bytes]]),
      reading: { types: [], channels: {}, pauseMs: 0, durationMs: 500 },
      wallMs: 1000,
    };
  });
  const window = new Window(samples);
  const levels = samples.map(({ channels }) => channels.get('mallocBytes') ?? 0);
  return { window, judgement: judgeBytes({ channel: 'mallocBytes', levels, own: false }, window) };
}

function stageAfter(blocks: number, arenas = ARENAS, leak = LEAK) {
  const { window, judgement } = judged(blocks, arenas, leak);
  const facts = { rounds: 3 * blocks, dose: 10, operationMs: 45, rareRate: 0, surge: true };
  return nextStage(
    { window, integers: [], bytes: [judgement] },
    facts,
    settingsOf({ seed: 1, mode: 'quick', idleMs: 0 }),
  );
}

describe('native memory in which a leak drowns', () => {
  it('is measured in as many rounds as a suspect, where the arenas are too many to be left out of twelve', () => {
    expect(judged(4).judgement).toMatchObject({ status: 'harmless', hint: true });
    expect(stageAfter(4)).toEqual({ kind: 'measure', until: 24, dose: 10 });
  });

  it('is seen then', () => {
    expect(judged(8).judgement).toMatchObject({ status: 'candidate', hint: false });
    expect(stageAfter(8)).toEqual({ kind: 'confirm' });
  });

  it('takes no further rounds when the arenas go on and nothing seems to grow', () => {
    const many = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [3 * at, at % 2 === 0 ? -6e6 : 5e6]));
    expect(judged(8, many, 0).judgement).toMatchObject({ hint: true });
    expect(stageAfter(8, many, 0)).toEqual({ kind: 'end' });
  });
});
