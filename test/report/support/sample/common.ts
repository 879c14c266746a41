/* What all parts of the sample session share: its name, its clock, its numbers, its types. */

export const SESSION = '20261125-101112-a1b2c3';
export const at = (second: number) => new Date(Date.UTC(2026, 10, 25, 10, 11, 12) + second * 1000).toISOString();
export const stamp = (second: number) => ({ schema: 1 as const, session: SESSION, time: at(second) });

/** The same numbers every time (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const TYPES = [
  ...['Shop.Session', 'Shop.Order', 'Shop.OrderLine', 'Shop.Caching.Entry<System.String,Shop.Price>'],
  ...[
    'System.String',
    'System.Byte[]',
    'System.Object[]',
    'System.Collections.Generic.Dictionary<System.String,Shop.Order>',
  ],
  ...['System.Threading.Tasks.Task<System.Int32>', 'System.Char[]', 'System.Int32[]', 'System.EventHandler'],
];
export const moduleOf = (type: string) => (type.startsWith('Shop') ? 'Shop.dll' : 'System.Private.CoreLib.dll');
