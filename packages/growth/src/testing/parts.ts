import type { TypeCount } from '../plan/step.ts';
import type { Moment, Part } from './program.ts';

export function of(type: string, module: string, instances: number, size: number): TypeCount {
  const whole = Math.max(0, Math.round(instances));
  return { type, module, instances: whole, bytes: whole * size };
}

/** Instances of a type as a function of the moment. */
export function instances(type: string, level: (moment: Moment) => number, size = 40, module = 'Shop'): Part {
  return (moment) => ({ types: [of(type, module, level(moment), size)] });
}

export function channel(name: string, level: (moment: Moment) => number): Part {
  return (moment) => ({ channels: { [name]: Math.max(0, level(moment)) } });
}

/** Count of random events: each operation is one with this chance. */
export function events(chance: number): (moment: Moment) => number {
  let seen = 0;
  let count = 0;
  return (moment) => {
    const fresh = moment.operations - seen;
    seen = moment.operations;
    const mean = fresh * chance;
    if (fresh <= 400) for (let at = 0; at < fresh; at++) count += moment.chance() < chance ? 1 : 0;
    else count += Math.max(0, Math.round(mean + Math.sqrt(mean * (1 - chance)) * moment.normal()));
    return count;
  };
}

/** Bounded by a limit. */
export const capped =
  (limit: number, per = 1) =>
  (moment: Moment) =>
    Math.min(limit, per * moment.operations);
/** Filled and emptied in turn. */
export const sawTooth =
  (period: number, per = 1) =>
  (moment: Moment) =>
    per * (moment.operations % period);
/** Distinct ones of random keys. */
export const distinct = (keys: number) => (moment: Moment) => keys * (1 - Math.exp(-moment.operations / keys));
/** One per so many ms. */
export const every = (ms: number) => (moment: Moment) => Math.floor(moment.ms / ms);
