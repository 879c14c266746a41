import type { AsyncNode, CaptureDetail, ExceptionInfo, StackFrame, ThreadInfo, TypeInfo } from '@firstchance/model';
import { humanBytes, humanMs } from '@firstchance/model';
import { type Alike, alike, alsoThere, stackKey } from '../text/alike.ts';
import { type AsyncRowOptions, asyncRows, besideMethod, methodText } from '../text/async-rows.ts';
import { count } from '../text/count.ts';
import type { Doing } from '../text/doing.ts';
import { fitEnd } from '../text/fit.ts';
import { harmless } from '../text/harmless.ts';
import { hasOwnCode, ownFrames } from '../text/own-code.ts';
import { place } from './names.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

export interface ShowOptions {
  /** Folder the paths in the capture are relative to, as the person would type it; absent: paths as they are. */
  readonly sessionFolder?: string;
  /** Source paths below this folder are shown relative to it. */
  readonly sourceRoot?: string;
  /** Show every thread and type instead of the first ones. */
  readonly all?: boolean;
}

const SOME_TYPES = 10;
const SOME_FRAMES = 30;

/** One capture in full. */
export function showCapture(capture: CaptureDetail, style: Style, options: ShowOptions = {}): string[] {
  const { process, trigger, exception, dump } = capture;
  const runtime = process.runtime ? `.NET ${harmless(process.runtime)}` : 'runtime not known';
  const facts: [string, string][] = [
    ['trigger', trigger.detail ? `${trigger.kind}: ${harmless(trigger.detail)}` : trigger.kind],
    [
      'process',
      `${harmless(process.name)} (pid ${capture.pid}), ${runtime}, ${process.architecture ?? 'architecture not known'}`,
    ],
    ...(capture.test || capture.thread
      ? [[capture.test ? 'test' : 'thread', place(capture)] satisfies [string, string]]
      : []),
    ['taken', `${capture.time} by ${capture.captureMethod} in ${humanMs(capture.durationMs)}`],
    [
      'pause',
      `${capture.pauseMs === null ? 'not measured' : humanMs(capture.pauseMs)}; garbage collection ${capture.gc}`,
    ],
  ];
  if (dump) {
    const leftOut = dump.leftOut.length > 0 ? `; left out: ${dump.leftOut.map(harmless).join(', ')}` : '';
    const path = options.sessionFolder ? `${options.sessionFolder}/${dump.path}` : dump.path;
    facts.push(['dump', `${dump.kind}, ${humanBytes(dump.bytes)} (${humanBytes(dump.rawBytes)} unpacked)${leftOut}`]);
    facts.push(['file', harmless(path)]);
  }
  const lines = [
    style.paint.bold(harmless(capture.id)),
    ...facts.map(([name, value]) => `  ${name.padEnd(8)} ${value}`),
  ];
  if (exception) lines.push('', ...exceptionLines(exception, style, options));
  lines.push(...doingLines(capture, style, options));
  lines.push(...typeLines(capture.topTypes ?? [], style, options));
  for (const note of capture.notes ?? []) lines.push('', `note: ${harmless(note)}`);
  return lines;
}

/** The exception, its stack, and what it wraps. */
export function exceptionLines(exception: ExceptionInfo, style: Style, options: ShowOptions = {}): string[] {
  const lines = [
    `${style.paint.yellow(harmless(exception.type))}${exception.message === null ? '' : `: ${harmless(exception.message)}`}`,
    `  HRESULT 0x${(exception.hresult >>> 0).toString(16).padStart(8, '0')}`,
    ...frameLines(exception.stack, style, options),
  ];
  for (const inner of exception.inner) {
    lines.push('inner exception:', ...exceptionLines(inner, style, options).map((line) => `  ${line}`));
  }
  return lines;
}

/**
 * What the program was doing, what tells most first: its own threads, who waits for whom, the threads of the platform; threads
 * without a managed frame are only counted.
 */
export function doingLines({ threads, awaiting, test }: Doing, style: Style, options: ShowOptions = {}): string[] {
  const managed = threads.filter((thread) => options.all === true || ownFrames(thread.stack).length > 0);
  const [own = [], others = []] = [true, false].map((wanted) =>
    managed.filter(({ stack }) => hasOwnCode(stack) === wanted),
  );
  const silent = threads.length - managed.length;
  return [
    ...threadLines(own, style, options),
    ...awaitingLines(awaiting, style, { ...options, test }),
    ...threadLines(others, style, options),
    ...(silent > 0 ? ['', `${count(silent, 'thread')} without managed frames`] : []),
  ];
}

/** Managed stacks; a stack that several threads have is told once. */
function threadLines(threads: readonly ThreadInfo[], style: Style, options: ShowOptions = {}): string[] {
  // A pool that has run out of threads has dozens of them at one place.
  const groups = options.all
    ? threads.map((thread): Alike<ThreadInfo> => [thread])
    : alike(threads, ({ stack }) => stackKey(stack));
  return groups.flatMap(([thread, ...same]) => {
    const name = thread.name ? ` "${harmless(thread.name)}"` : '';
    const role = thread.isFinalizer ? ', finalizer' : '';
    const id = thread.managedId === null ? '' : `, managed ${thread.managedId}`;
    return [
      '',
      `${style.paint.bold(`thread ${thread.osId}${name}`)}${id}${role}${alsoThere(same)}`,
      ...frameLines(thread.stack, style, options),
    ];
  });
}

/** "at Shop.Cart.Add(System.Int32)  Cart.cs:40". Runs of runtime frames are one line. */
export function frameLines(frames: readonly StackFrame[], style: Style, options: ShowOptions = {}): string[] {
  const own = options.all ? frames : ownFrames(frames);
  const shown = options.all ? own : own.slice(0, SOME_FRAMES);
  const lines = shown.map((frame) => {
    const source = sourceOf(frame, options.sourceRoot);
    const text = `  at ${harmless(frame.method)}`;
    return source === '' ? fitEnd(text, style.columns) : `${text}  ${style.paint.dim(source)}`;
  });
  if (own.length > shown.length) lines.push(`  … ${count(own.length - shown.length, 'more frame')} (--all shows them)`);
  return lines;
}

/** Pending async methods as a tree: who waits for whom. */
function awaitingLines(
  roots: readonly AsyncNode[],
  style: Style,
  options: ShowOptions & Pick<AsyncRowOptions, 'test'> = {},
): string[] {
  if (roots.length === 0) return [];
  const rows = asyncRows(roots, options).map((row) => {
    const method = harmless(methodText(row));
    const shown = row.method === undefined ? style.paint.dim(method) : method;
    const beside = besideMethod(row).map((part) => style.paint.dim(harmless(part)));
    return `${'  '.repeat(row.depth + 1)}${[shown, ...beside].join('  ')}`;
  });
  return ['', style.paint.bold('waiting async methods'), ...rows];
}

/** Types by size. */
export function typeLines(types: readonly TypeInfo[], style: Style, options: ShowOptions): string[] {
  if (types.length === 0) return [];
  const shown = options.all ? types : types.slice(0, SOME_TYPES);
  const columns = [
    { title: 'instances', value: (type: TypeInfo) => String(type.instances), align: 'right' as const },
    { title: 'size', value: (type: TypeInfo) => humanBytes(type.bytes), align: 'right' as const },
    { title: 'type', value: (type: TypeInfo) => harmless(type.type), flex: 1 },
  ];
  return ['', ...table(columns, shown, style)];
}

/** What a core file holds, from the engine. */
export interface DumpDocument {
  readonly runtime: string | null;
  readonly architecture: string;
  readonly pid: number;
  readonly name: string;
  readonly threads: readonly ThreadInfo[];
  readonly exceptions: readonly (ExceptionInfo & { osThreadId: number })[];
  readonly awaiting: readonly AsyncNode[];
  readonly topTypes: readonly TypeInfo[] | null;
  readonly modules: readonly { name: string }[];
  readonly notes: readonly string[];
}

/** A core file in full. */
export function showDump(dump: DumpDocument, style: Style, options: ShowOptions = {}): string[] {
  const runtime = dump.runtime ? `.NET ${harmless(dump.runtime)}` : 'runtime not known';
  const lines = [
    style.paint.bold(`${harmless(dump.name)} (pid ${dump.pid}), ${runtime}, ${dump.architecture}`),
    `  ${count(dump.threads.length, 'thread')}, ${count(dump.modules.length, 'module')}`,
  ];
  for (const exception of dump.exceptions) {
    lines.push('', `exception of thread ${exception.osThreadId}`, ...exceptionLines(exception, style, options));
  }
  lines.push(...doingLines({ ...dump, test: null }, style, options));
  lines.push(...typeLines(dump.topTypes ?? [], style, options));
  if (dump.topTypes === null) lines.push('', 'this dump does not hold the managed heap: no types to count');
  for (const note of dump.notes) lines.push('', `note: ${harmless(note)}`);
  return lines;
}

/** "src/Cart.cs:40": the path below the root where it is there, else the file's name; the module where no symbols tell. */
function sourceOf({ file, line, module }: StackFrame, root: string | undefined): string {
  if (file === null) return harmless(module ?? '');
  const below = root !== undefined && file.startsWith(`${root}/`);
  const shown = below ? file.slice(root.length + 1) : (file.split(/[\\/]/).at(-1) ?? file);
  return harmless(line === null ? shown : `${shown}:${line}`);
}
