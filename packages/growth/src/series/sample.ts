import type { MeasuringStep, Reading } from '../plan/step.ts';

/** Instances and bytes by type. */
export type TypeTable = ReadonlyMap<string, readonly [instances: number, bytes: number]>;

/** One step that was done, as the rules see it. */
export interface Sample {
  readonly step: MeasuringStep;
  readonly types: TypeTable;
  /** Flat: "managedBytes", "privateBytes.jit" …; only those that were read. */
  readonly channels: ReadonlyMap<string, number>;
  readonly reading: Reading;
  /** From asking for this step to asking for the next one. */
  readonly wallMs: number;
}

/** Separates type and module in a key; no name has it. */
const SEPARATOR = '\u0000';

export function typeKey(type: string, module: string): string {
  return `${type}${SEPARATOR}${module}`;
}

export function splitKey(key: string): { type: string; module: string } {
  const at = key.indexOf(SEPARATOR);
  return { type: key.slice(0, at), module: key.slice(at + 1) };
}

export function amount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** Null when the reading is none: no types, or figures that cannot be. */
export function typeTable(types: readonly unknown[]): TypeTable | null {
  const table = new Map<string, [number, number]>();
  for (const entry of types) {
    if (typeof entry !== 'object' || entry === null) return null;
    const { type, module, instances, bytes } = entry as Record<string, unknown>;
    if (typeof type !== 'string' || !amount(instances) || !amount(bytes)) return null;
    // Free blocks of the heap are written down as objects, they are none.
    if (type === 'Free') continue;
    const key = typeKey(type, typeof module === 'string' ? module : '');
    const known = table.get(key);
    // The same type may be loaded several times (load contexts): it is one to the reader.
    if (known === undefined) table.set(key, [instances, bytes]);
    else table.set(key, [known[0] + instances, known[1] + bytes]);
  }
  return table.size === 0 ? null : table;
}

/** Garbage is as if it were absent. */
export function flatChannels(channels: unknown): Map<string, number> {
  const flat = new Map<string, number>();
  const put = (prefix: string, values: unknown) => {
    if (typeof values !== 'object' || values === null) return;
    for (const [name, value] of Object.entries(values)) {
      if (amount(value)) flat.set(prefix + name, value);
      else if (prefix === '') put(`${name}.`, value);
    }
  };
  put('', channels);
  return flat;
}
