import { describe, expect, it } from 'vitest';
import { width } from '../text/fit.ts';
import { type CensusDocument, showCensus } from './census.ts';
import { plainStyle, styleFor } from './style.ts';

const census: CensusDocument = {
  ...{ schema: 1, pid: 1234, time: '2026-11-24T10:11:13.000Z', pauseMs: 6.13, complete: true },
  process: { name: 'shop', runtime: '10.0.12', architecture: 'x64' },
  types: [
    { type: 'System.String', module: 'System.Private.CoreLib.dll', instances: 91_234, bytes: 12_345_678 },
    {
      type: 'System.Collections.Generic.Dictionary<System.String, System.Collections.Generic.List<Shop.Orders.OrderLine>>',
      module: 'System.Private.CoreLib.dll',
      ...{ instances: 12, bytes: 960 },
    },
    { type: 'Shop.Evil\u001b[31mType\nline', module: 'Shop.dll', instances: 1, bytes: 24 },
    ...Array.from({ length: 30 }, (_, index) => ({
      ...{ type: `Shop.Small${index}`, module: 'Shop.dll', instances: 1, bytes: 24 },
    })),
  ],
  channels: {
    ...{ instances: 91_277, managedBytes: 12_347_382, gcHeapBytes: { used: 14_000_000, committed: 16_000_000 } },
    ...{ mallocBytes: 3_210_000, mappedBytes: 120_000_000, sharedBytes: 0, mappings: 1_078 },
    privateBytes: { gcHeap: 14_100_000, jit: 9_000_000, malloc: 4_000_000, stacks: 260_000, other: 5_700_000 },
    ...{ handles: 519, handlesByKind: { strong: 200, weakShort: 250, dependent: 69 }, threads: 17 },
    ...{ fileDescriptors: 198, sockets: 7, residentBytes: 110_000_000 },
  },
};

describe('a census', () => {
  it.each([80, 200])('fits %i columns', async (columns) => {
    const lines = showCensus(census, plainStyle(columns));
    for (const line of lines) expect(width(line)).toBeLessThanOrEqual(columns);
    await expect(lines.join('\n')).toMatchFileSnapshot(`golden/census-${columns}.txt`);
  });

  it('shows all types when told to, and nothing that acts', () => {
    const text = showCensus(census, plainStyle(100), { all: true }).join('\n');
    expect(text).toContain('Shop.Small29');
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('Type\nline');
  });

  it('leaves out what could not be read, and says when the heap could not', () => {
    const torn = { ...census, complete: false, why: 'a collection was under way', types: [], channels: { threads: 3 } };
    const text = showCensus(torn, styleFor({ isTTY: false }, {})).join('\n');
    expect(text).toContain('not complete: a collection was under way');
    expect(text).not.toContain('malloc');
    expect(text).toMatch(/threads +3/);
  });
});
