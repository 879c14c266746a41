import { ByteWriter } from '../wire/byte-writer.ts';
import { COMMANDS, type Command } from '../wire/commands.ts';
import type { EventPipeRequest, EventProvider } from './types.ts';

const FORMAT_NETTRACE = 1;
const SESSION_STREAMING = 0;
/** What the runtime itself takes when a bool asks for rundown: methods, modules, loaders (ep-session.c). */
const DEFAULT_RUNDOWN_KEYWORD = 0x8002_0139n;
const ALL_KEYWORDS = 0xffff_ffff_ffff_ffffn;

export interface CollectAttempt {
  readonly command: Command;
  readonly payload: Uint8Array;
}

/**
 * The session's request in every form of the command that can express it, newest first: CollectTracing5 (.NET 10),
 * 4 and 3 (.NET 9), 2 (.NET 8, measured with 8.0.31) and 1. Filters by event id exist in 5 only.
 */
export function collectAttempts(request: EventPipeRequest): CollectAttempt[] {
  const { bufferMB = 64, rundown = false, stacks = true, providers } = request;
  const keyword = rundown ? DEFAULT_RUNDOWN_KEYWORD : 0n;
  const head = () => new ByteWriter().u32(bufferMB).u32(FORMAT_NETTRACE);
  const filtered = withProviders(
    new ByteWriter().u32(SESSION_STREAMING).u32(bufferMB).u32(FORMAT_NETTRACE).u64(keyword).bool(stacks),
    providers,
    true,
  );
  const newest = { command: COMMANDS.collectTracing5, payload: filtered };
  if (providers.some(({ eventIds }) => eventIds !== undefined)) return [newest];
  const form = (command: Command, writer: ByteWriter) => ({
    command,
    payload: withProviders(writer, providers, false),
  });
  return [
    newest,
    form(COMMANDS.collectTracing4, head().u64(keyword).bool(stacks)),
    form(COMMANDS.collectTracing3, head().bool(rundown).bool(stacks)),
    form(COMMANDS.collectTracing2, head().bool(rundown)),
    // The first form always runs down.
    form(COMMANDS.collectTracing, head()),
  ];
}

function withProviders(writer: ByteWriter, providers: readonly EventProvider[], withFilter: boolean): Uint8Array {
  writer.u32(providers.length);
  for (const { name, keywords = ALL_KEYWORDS, level = 5, arguments: filterData, eventIds } of providers) {
    writer
      .u64(keywords)
      .u32(level)
      .string(name)
      .string(filterData ?? null);
    if (!withFilter) continue;
    // "Disable none" is the filter that lets everything through.
    const only = eventIds !== undefined && 'only' in eventIds;
    const ids = eventIds === undefined ? [] : 'only' in eventIds ? eventIds.only : eventIds.except;
    writer.bool(only).u32(ids.length);
    for (const id of ids) writer.u32(id);
  }
  return writer.finish();
}
