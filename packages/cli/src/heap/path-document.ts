import {
  CURES,
  fingerprint,
  type HeapFile,
  keeperOf,
  nodeAt,
  nodesOfType,
  pathGroups,
  pathNames,
  pathTo,
  recognisePattern,
  referrers,
  rootKind,
  sizeOf,
  typeOf,
  typesBySize,
  withDominators,
} from '@firstchance/heap';
import { type HeapPathResult, UsageError } from '@firstchance/model';
import { heapFacts, hexAddress } from './facts.ts';
import { findType } from './find-type.ts';

/** What `path` says about a type, an object, or an object of that type. @throws UsageError when there is no such one */
export function pathDocument(
  given: HeapFile,
  file: string,
  wanted: { type?: string | undefined; address?: string | undefined },
  top: number,
): HeapPathResult {
  const heap = withDominators(given);
  const node = wanted.address === undefined ? undefined : findObject(heap, wanted.address);
  const type = wanted.type === undefined ? typeOf(heap, node ?? 0) : findType(heap, wanted.type);
  if (node !== undefined && typeOf(heap, node).name !== type.name)
    throw new UsageError(`the object at ${wanted.address} is no ${type.name}; it is a ${typeOf(heap, node).name}`);
  const sizes = typesBySize(heap);
  const size = sizes.filter((entry) => entry.type === type.name);
  // One dump does not tell what grows, but a service of which there is one does not.
  const several = sizes.filter((entry) => entry.instances > 1).map((entry) => entry.type);
  const groups = node === undefined ? pathGroups(heap, nodesOfType(heap, type.name)) : [];
  const sum = (field: 'instances' | 'bytes' | 'retainedBytes') =>
    size.reduce((total, entry) => total + (entry[field] ?? 0), 0);
  return {
    schema: 1,
    heap: heapFacts(heap, file),
    ...{ type: type.name, module: type.module, instances: sum('instances'), bytes: sum('bytes') },
    ...{ retainedBytes: sum('retainedBytes'), createdIn: null, pathCount: groups.length },
    paths: groups.slice(0, top).map((group) => {
      const pattern = recognisePattern(group, { keeper: keeperOf(group, [type.name, ...several])?.at });
      return {
        ...{ path: pathNames(group), rootKind: group.rootKind, instances: group.instances, bytes: group.bytes },
        ...{ retainedBytes: group.retainedBytes, example: hexAddress(heap.address.at(group.newest)), pattern },
        cure: pattern === null ? '' : CURES[pattern],
        fingerprint: fingerprint('instances', [group.root, ...group.types]),
      };
    }),
    object: node === undefined ? null : describeObject(heap, node, top),
  };
}

function describeObject(heap: ReturnType<typeof withDominators>, node: number, top: number): HeapPathResult['object'] {
  const path = pathTo(heap, node);
  const counts = new Map<string, number>();
  for (const referrer of referrers(heap, node)) {
    const { name } = typeOf(heap, referrer);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return {
    ...{ address: hexAddress(heap.address.at(node)), bytes: sizeOf(heap, node) },
    retainedBytes: heap.dominators.retained.at(node),
    root: path === undefined ? '' : heap.roots.name(path.root) || rootKind(heap, path.root),
    path: (path?.nodes ?? []).map((step) => ({
      type: typeOf(heap, step).name,
      address: hexAddress(heap.address.at(step)),
    })),
    referrers: [...counts]
      .map(([type, instances]) => ({ type, instances }))
      .sort((a, b) => b.instances - a.instances)
      .slice(0, top),
  };
}

function findObject(heap: HeapFile, text: string): number {
  const address = /^(0x)?[0-9a-f]{1,14}$/i.test(text) ? Number.parseInt(text, 16) : undefined;
  if (address === undefined)
    throw new UsageError(`--address is "${text}"; write it in hexadecimal, like 0x7f12a4001e28`);
  const node = nodeAt(heap, address);
  if (node === undefined) throw new UsageError(`no object in use begins at ${hexAddress(address)}`);
  return node;
}
