import type { Kind } from './kind.ts';
import { channel, distinct } from './parts.ts';
import type { Moment } from './program.ts';

const PAGE = 4096;
const pages = (bytes: number) => PAGE * Math.round(bytes / PAGE);

/** A leak of which a part is taken from what was free already, or that costs less where many operations are done at once. */
const SLOWER: Readonly<Record<string, (m: Moment) => number>> = {
  'from what was free': (m) => m.operations - 0.35 * 800 * (1 - Math.exp(-m.operations / 800)),
  'three in ten end': (m) => 0.7 * m.operations + 0.3 * Math.min(400, m.operations),
  'six in ten end': (m) => 0.4 * m.operations + 0.6 * Math.min(400, m.operations),
  steady: (m) => m.operations,
};

const noisy = (scatter: number, level: (m: Moment) => number) => (m: Moment) => pages(level(m) + scatter * m.normal());

/** Native bytes whose rate falls to another one and stays there, and such whose rate falls to nothing. */
export const PAGE_KINDS: readonly Kind[] = [
  ...Object.entries(SLOWER).flatMap(([name, share]) =>
    [4000, 20_000].flatMap((bytes) =>
      [2, 5, 15].map(
        (operationMs): Kind => ({
          ...{ name: `${bytes} B, ${operationMs} ms, ${name}`, label: 'leak', operationMs },
          parts: () => [
            channel(
              'privateBytes.other',
              noisy(6000, (m) => bytes * share(m)),
            ),
          ],
        }),
      ),
    ),
  ),
  ...[2, 5, 15].flatMap((operationMs) => [
    ...[300, 500, 1000, 2000, 4000, 8000].map(
      (keys): Kind => ({
        ...{ name: `one of ${keys} native entries of 4 kB, ${operationMs} ms`, label: 'clean', operationMs },
        parts: () => [
          channel(
            'privateBytes.other',
            noisy(6000, (m) => 4000 * distinct(keys)(m)),
          ),
        ],
      }),
    ),
    ...[400, 1000, 3000].map(
      (limit): Kind => ({
        ...{ name: `${limit} native entries of 4 kB, ${operationMs} ms`, label: 'clean', operationMs },
        parts: () => [
          channel(
            'privateBytes.other',
            noisy(6000, (m) => 4000 * Math.min(limit, m.operations)),
          ),
        ],
      }),
    ),
  ]),
  {
    ...{ name: 'a logarithm of native bytes', label: 'clean', operationMs: 2 },
    parts: () => [
      channel(
        'privateBytes.other',
        noisy(6000, (m) => 400_000 * Math.log1p(m.operations / 20)),
      ),
    ],
  },
];
