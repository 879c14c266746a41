import type { PageData, PageRounds } from '@firstchance/report';

/** The session in this page; undefined in a page that was built and not filled. */
export function readData(): PageData | undefined {
  const text = document.getElementById('report-data')?.textContent ?? '';
  const value: unknown = JSON.parse(text === '' ? 'null' : text);
  return typeof value === 'object' && value !== null ? (value as PageData) : undefined;
}

/** The values of one channel, made whole again from their differences. */
export function channelValues(differences: PageRounds['channels'][number][1]): (number | null)[] {
  let sum = 0;
  return differences.map((difference) => {
    if (difference === null) return null;
    sum += difference;
    return sum;
  });
}

/** Operations done by the end of each round. */
export function cumulative(doses: readonly number[]): number[] {
  let sum = 0;
  return doses.map((dose) => {
    sum += dose;
    return sum;
  });
}

export const PHASES = ['warm-up', 'measure', 'idle', 'surge'] as const;
