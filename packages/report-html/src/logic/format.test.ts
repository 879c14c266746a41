import { expect, it } from 'vitest';
import { axisLabels, formatRate, formatValue } from './format.ts';
import { href, parseRoute } from './route.ts';

it.each([
  ['managedBytes', [5_400_000, 5_405_000, 5_410_000], ['5.400 MB', '5.405 MB', '5.410 MB']],
  ['managedBytes', [0, 1000, 2000], ['0 kB', '1 kB', '2 kB']],
  ['threads', [10, 20, 30], ['10', '20', '30']],
  ['threads', [1, 1.5, 2], ['1.0', '1.5', '2.0']],
  ['handles', [-1000, 0, 1000], ['-1,000', '0', '1,000']],
])('labels of an axis of %s tell neighbours apart: %j', (channel, ticks, expected) => {
  expect(axisLabels(channel, ticks)).toEqual(expected);
});

it('values and rates carry their unit', () => {
  expect(formatValue('privateBytes.gcHeap', 8_400_000)).toBe('8.4 MB');
  expect(formatValue('instances', 21_000)).toBe('21,000');
  expect(formatRate('instances', 0.981)).toBe('+0.981');
  expect(formatRate('managedBytes', -340)).toBe('-340 B');
});

it('an address leads back to what it was made from, whatever the id holds', () => {
  for (const id of ['GET /orders/0', '%', 'ä/#?<>', 'x y']) {
    expect(parseRoute(href('check', id))).toEqual({ view: 'check', id });
  }
  expect(parseRoute('#/nowhere/x')).toEqual({ view: 'overview', id: 'x' });
  expect(parseRoute('#/check/%')).toEqual({ view: 'check', id: '' });
  expect(parseRoute('')).toEqual({ view: 'overview', id: '' });
});
