import { existsSync } from 'node:fs';
import { isFrameworkModule, typeClass } from '@firstchance/heap';
import { boxedStateMachine, type CreatedIn, isFamilyName } from '@firstchance/model';
import { type Creation, findCreations } from '@firstchance/symbols';
import { choosePlaces, type HeldType } from './choose-places.ts';

/** An assembly that the process had loaded. */
export interface LoadedModule {
  readonly name: string;
  /** As the process saw it. */
  readonly path: string;
  /** Module version id; empty when it is not known. */
  readonly mvid: string;
}

/** Plumbing that a program makes for a purpose of its own; strings, numbers, tasks and the like come from everywhere. */
const TELLING: readonly RegExp[] = [
  /^System\.(Action|Func|Predicate|Comparison|Converter|Lazy|WeakReference|Tuple)(<|$)/,
  /^System\..*(EventHandler|Callback)(<|$)/,
  /^System\.Collections\./,
  /^System\.Threading\.(Thread|Timer|PeriodicTimer|CancellationTokenSource)$/,
  /^System\.Threading\.Tasks\.TaskCompletionSource(<|$)/,
];

/**
 * Which places in the program's own code create objects of the given types, by reading the code of its assemblies where they are
 * at hand. Types for which there is no short answer are not in the result. Never fails: an assembly that cannot be read, or was
 * built anew since, is passed over.
 */
export async function createdIn<T extends HeldType>(
  types: readonly T[],
  modules: readonly LoadedModule[],
  find = findCreations,
): Promise<Map<T, CreatedIn>> {
  const result = new Map<T, CreatedIn>();
  const asked = types.filter(isTold);
  if (asked.length === 0) return result;
  const hasLines = modules.some(({ path }) => existsSync(path.replace(/\.(dll|exe)$/i, '.pdb')));
  const found = await scan(new Set(asked.map(madeType)), modules, find);
  for (const one of asked) {
    const chosen = choosePlaces(one, found.creations.get(madeType(one)) ?? [], { hasLines });
    if (chosen) result.set(one, { ...chosen, sure: chosen.sure && found.complete });
  }
  return result;
}

/** What the code makes: of the box around a call of an async method the state machine in it. */
function madeType({ type }: HeldType): string {
  return boxedStateMachine(type) ?? type;
}

function isTold({ type, module }: HeldType): boolean {
  if (isFamilyName(type)) return false;
  const elements = type.replace(/(\[[,*]*\])+$/, '');
  const whose = typeClass(elements, module);
  if (whose === 'own' || whose === 'async') return true;
  return elements === type && (whose === 'framework' || TELLING.some((pattern) => pattern.test(type)));
}

async function scan(
  types: ReadonlySet<string>,
  modules: readonly LoadedModule[],
  find: typeof findCreations,
): Promise<{ creations: Map<string, Creation[]>; complete: boolean }> {
  const found = new Map<string, Creation[]>();
  let complete = true;
  const structures = new Set<string>();
  const files = new Map(modules.filter(({ name }) => !isFrameworkModule(name)).map((one) => [one.path, one]));
  for (const { path, mvid } of files.values()) {
    const code = await find(path, types, mvid === '' ? {} : { mvid });
    complete &&= code !== null;
    for (const creation of code?.creations ?? []) {
      const known = found.get(creation.type) ?? [];
      known.push(creation);
      found.set(creation.type, known);
    }
    for (const structure of code?.structures ?? []) structures.add(structure);
  }
  // Made on the stack: what puts them on the heap is another instruction.
  for (const structure of structures) found.delete(structure);
  return { creations: found, complete };
}
