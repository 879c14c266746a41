import { APART_KINDS } from '../packages/growth/dist/testing/kinds-apart.js';
import { ARENA_KINDS } from '../packages/growth/dist/testing/kinds-arenas.js';
import { COLLECTION_KINDS } from '../packages/growth/dist/testing/kinds-collections.js';
import { FRESH_KINDS } from '../packages/growth/dist/testing/kinds-fresh.js';
import { PAGE_KINDS } from '../packages/growth/dist/testing/kinds-pages.js';
import { SKEWED_KINDS, UNBOUNDED_KINDS } from '../packages/growth/dist/testing/kinds-skewed.js';
import { TUNED_KINDS } from '../packages/growth/dist/testing/kinds-tuned.js';
import { tally } from '../packages/growth/dist/testing/tally.js';
import { printTable } from './lib/figures.mjs';

const HALVES = { tuned: TUNED_KINDS, apart: APART_KINDS, fresh: FRESH_KINDS };
/** One subject each, run by name: they hold kinds that nothing tells apart, a limit above all operations and the like. */
const SUBJECTS = {
  arenas: ARENA_KINDS,
  pages: PAGE_KINDS,
  collections: COLLECTION_KINDS,
  skewed: [...SKEWED_KINDS, ...UNBOUNDED_KINDS],
};

/**
 * How often the growth verdict is right on generated programs, by kind and in all, in simulated time.
 *   npm run bench -- growth-series [tuned|apart|fresh|all|arenas|pages|collections|skewed] [seeds] [quick|thorough]
 */
export async function bench([half = 'all', seeds = '20', mode = 'quick']) {
  const chosen = half === 'all' ? HALVES : { [half]: { ...HALVES, ...SUBJECTS }[half] ?? [] };
  for (const [name, kinds] of Object.entries(chosen)) {
    const tallies = kinds.map((kind) => tally(kind, Number(seeds), mode));
    console.log(`\n${name} kinds, ${seeds} seeds each, ${mode} mode\n`);
    printTable(['kind', 'is', 'verdicts', 'right', 'rounds', 's', 's without operations'], tallies.map(rowOf));
    console.log('');
    printTable(
      ['', 'kinds', 'right verdict', 'LEAK', 'INCONCLUSIVE', 'same verdict in all seeds', 'longest s'],
      sums(tallies),
    );
  }
}

function rowOf({ kind, verdicts, right, runs, rounds, seconds, ownSeconds }) {
  const said = [...verdicts].map(([verdict, count]) => `${verdict} ${count}`).join(', ');
  return [kind.name, kind.label, said, `${right}/${runs.length}`, rounds, seconds.toFixed(1), ownSeconds.toFixed(1)];
}

function sums(tallies) {
  const labels = ['leak', 'clean', 'idle'].filter((label) => tallies.some(({ kind }) => kind.label === label));
  return labels.map((label) => {
    const own = tallies.filter(({ kind }) => kind.label === label);
    const runs = own.reduce((total, one) => total + one.runs.length, 0);
    const share = (count) => `${count}/${runs} (${((100 * count) / runs).toFixed(1)} %)`;
    const said = (verdict) => own.reduce((total, one) => total + (one.verdicts.get(verdict) ?? 0), 0);
    const right = own.reduce((total, one) => total + one.right, 0);
    const same = own.filter(({ verdicts }) => verdicts.size === 1).length;
    const longest = Math.max(...own.flatMap(({ runs: all }) => all.map(({ ms }) => ms / 1000)));
    return [
      label,
      own.length,
      share(right),
      share(said('LEAK')),
      share(said('INCONCLUSIVE')),
      `${same}/${own.length}`,
      longest.toFixed(0),
    ];
  });
}
