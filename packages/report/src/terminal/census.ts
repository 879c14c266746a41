import { type CensusResult, type Channels, humanBytes } from '@firstchance/model';
import { count } from '../text/count.ts';
import { harmless } from '../text/harmless.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

const MOST_TYPES = 25;

/** A census as it is shown: with what the process is. */
export interface CensusDocument extends CensusResult {
  readonly process: { readonly name: string; readonly runtime: string; readonly architecture: string };
}

/** What lives in a process: types by size, then everything else that is counted. */
export function showCensus(census: CensusDocument, style: Style, { all = false }: { all?: boolean } = {}): string[] {
  const { process, pid, pauseMs, types } = census;
  const shown = all ? types : types.slice(0, MOST_TYPES);
  const columns = [
    { title: 'instances', value: (type: (typeof types)[number]) => String(type.instances), align: 'right' as const },
    { title: 'size', value: (type: (typeof types)[number]) => humanBytes(type.bytes), align: 'right' as const },
    { title: 'type', value: (type: (typeof types)[number]) => harmless(type.type), flex: 3, keep: 'end' as const },
    { title: 'module', value: (type: (typeof types)[number]) => harmless(type.module ?? ''), flex: 1 },
  ];
  const lines = [
    style.paint.bold(
      `${harmless(process.name)} (pid ${pid}), .NET ${harmless(process.runtime)}, ${harmless(process.architecture)}`,
    ),
    `  it stood for ${pauseMs.toFixed(1)} ms`,
  ];
  if (!census.complete) lines.push(`  not complete: ${harmless(census.why ?? 'a part of the heap could not be read')}`);
  if (shown.length > 0) lines.push('', ...table(columns, shown, style));
  const hidden = types.length - shown.length;
  if (hidden > 0) lines.push(`and ${count(hidden, 'type')} more; --all shows them`);
  lines.push('', ...channelLines(census.channels, style));
  for (const note of census.notes ?? []) lines.push('', `note: ${harmless(note)}`);
  return lines;
}

interface Row {
  readonly name: string;
  readonly value: string;
  readonly parts: string;
}

function channelLines(channels: Channels, style: Style): string[] {
  const bytes = (name: string, value: number | undefined, parts = ''): Row[] =>
    value === undefined ? [] : [{ name, value: humanBytes(value), parts }];
  const number = (name: string, value: number | undefined, parts = ''): Row[] =>
    value === undefined ? [] : [{ name, value: String(value), parts }];
  const { gcHeapBytes, privateBytes, handlesByKind } = channels;
  const privateTotal = privateBytes && Object.values(privateBytes).reduce((sum: number, one) => sum + (one ?? 0), 0);
  const rows: Row[] = [
    ...number('reachable objects', channels.instances),
    ...bytes('their size', channels.managedBytes),
    ...bytes('GC heap in use', gcHeapBytes?.used, gcHeapBytes && `committed ${humanBytes(gcHeapBytes.committed)}`),
    ...bytes('malloc in use', channels.mallocBytes),
    ...bytes('private memory', privateTotal, partsOf(privateBytes, humanBytes)),
    ...bytes('mapped files', channels.mappedBytes, 'address space'),
    ...bytes('shared memory', channels.sharedBytes, 'address space'),
    ...number('mappings', channels.mappings),
    ...number('handles', channels.handles, partsOf(handlesByKind, String)),
    ...number('threads', channels.threads),
    ...number(
      'open files',
      channels.fileDescriptors,
      channels.sockets === undefined ? '' : `sockets ${channels.sockets}`,
    ),
    ...bytes('resident', channels.residentBytes),
  ];
  return table(
    [
      { title: 'channel', value: (row: Row) => row.name },
      { title: 'value', value: (row: Row) => row.value, align: 'right' as const },
      { title: 'of it', value: (row: Row) => row.parts, flex: 1 },
    ],
    rows,
    style,
  );
}

/** "gcHeap 12 MB, jit 3 MB", the largest first. */
function partsOf(
  parts: Readonly<Record<string, number | undefined>> | undefined,
  shown: (value: number) => string,
): string {
  return Object.entries(parts ?? {})
    .map(([name, value]) => ({ name, value: value ?? 0 }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value)
    .map(({ name, value }) => `${harmless(name)} ${shown(value)}`)
    .join(', ');
}
