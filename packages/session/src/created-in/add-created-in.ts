import type { CreatedIn, Growth } from '@firstchance/model';
import { isOwnFrame } from '../growth/owner/owner-frame.ts';
import type { HeldType } from './choose-places.ts';
import type { LoadedModule } from './created-in.ts';

/** Like createdIn(), which is loaded with the first question: most sessions end without one. */
export async function findCreatedIn<T extends HeldType>(
  types: readonly T[],
  modules: readonly LoadedModule[] | undefined,
): Promise<Map<T, CreatedIn>> {
  if (types.length === 0 || !modules) return new Map();
  return await (await import('./created-in.ts')).createdIn(types, modules);
}

/** Adds to what grows which places in the program create it; own frames that were sampled at run time say more. */
export async function addCreatedIn(
  growth: readonly Growth[],
  modules: readonly LoadedModule[] | undefined,
): Promise<Growth[]> {
  const asked = growth.flatMap((entry) => {
    const { channel, type, module, path = [], owner = [] } = entry;
    const sampled = owner.some((method) => isOwnFrame({ method, module: '' }));
    return channel === 'instances' && type && !sampled ? [{ type, module: module ?? '', path, entry }] : [];
  });
  const found = new Map([...(await findCreatedIn(asked, modules))].map(([{ entry }, places]) => [entry, places]));
  return growth.map((entry) => {
    const places = found.get(entry);
    return places ? { ...entry, createdIn: places } : entry;
  });
}
