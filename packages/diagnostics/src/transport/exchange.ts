import { setTimeout } from 'node:timers/promises';
import { DiagnosticsError } from '../error/diagnostics-error.ts';
import { explainHresult, hresultName } from '../error/hresult.ts';
import { ByteReader, MalformedBytes } from '../wire/byte-reader.ts';
import type { Command } from '../wire/commands.ts';
import { decodeHeader, encodeMessage, HEADER_BYTES, replyKind } from '../wire/message.ts';
import { type Connection, ConnectionClosed, WaitAborted } from './connection.ts';
import { Deadline } from './deadline.ts';
import type { Endpoint } from './endpoint.ts';
import type { CallOptions } from './options.ts';

export const DEFAULT_TIMEOUT_MS = 10_000;

export interface Request {
  readonly command: Command;
  readonly payload?: Uint8Array;
  /** Infinitive for messages: "read the environment of process 12". */
  readonly what: string;
  readonly options?: CallOptions;
  readonly defaultTimeoutMs?: number;
}

/** Sends one command and reads its reply; `read` may take more from the connection, which is closed afterwards. */
export async function exchange<T>(
  endpoint: Endpoint,
  request: Request,
  read: (payload: ByteReader, connection: Connection, signal: AbortSignal) => T | Promise<T>,
): Promise<T> {
  using deadline = new Deadline(request.what, request.options ?? {}, request.defaultTimeoutMs ?? DEFAULT_TIMEOUT_MS);
  const { connection, payload } = await send(endpoint, request, deadline);
  try {
    return await read(payload, connection, deadline.signal);
  } catch (error) {
    throw await exchangeFailure(error, endpoint, deadline);
  } finally {
    connection.close();
  }
}

/** Sends one command and keeps the connection open for what follows the reply. */
export async function send(
  endpoint: Endpoint,
  { command, payload, what }: Pick<Request, 'command' | 'payload' | 'what'>,
  deadline: Deadline,
): Promise<{ connection: Connection; payload: ByteReader }> {
  let message: Uint8Array;
  try {
    message = encodeMessage(command, payload);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DiagnosticsError('invalid-argument', { what, why, cause });
  }
  const connection = await endpoint.open(deadline);
  try {
    connection.write(message);
    const header = decodeHeader(await connection.take(HEADER_BYTES, deadline.signal));
    const kind = replyKind(header);
    const reader = new ByteReader(await connection.take(header.size - HEADER_BYTES, deadline.signal));
    if (kind === 'error') throw refusal(what, command, reader);
    return { connection, payload: reader };
  } catch (error) {
    connection.close();
    throw await exchangeFailure(error, endpoint, deadline);
  }
}

/** The runtime's error reply as an error: HRESULT and, from GenerateCoreDump3, a text. */
function refusal(what: string, command: Command, reply: ByteReader): DiagnosticsError {
  const hresult = reply.u32();
  const { code, why } = explainHresult(hresult);
  const text = reply.remaining >= 4 ? reply.countedString().trim() : '';
  return new DiagnosticsError(code, {
    what,
    why: text === '' ? `${command.name}: ${why}` : `${text.replace(/\s*\n\s*/g, '; ')} (${hresultName(hresult)})`,
    hresult,
    ...(text === '' ? {} : { runtimeText: text }),
  });
}

/** A process that is killed closes its sockets some time before /proc says that it has ended (kernel do_exit). */
const ENDING_MS = 1_000;
const ENDING_POLL_MS = 10;

export async function endsSoon(endpoint: Endpoint): Promise<boolean> {
  for (const giveUpAt = performance.now() + ENDING_MS; !endpoint.hasEnded(); ) {
    if (performance.now() > giveUpAt) return false;
    await setTimeout(ENDING_POLL_MS);
  }
  return true;
}

export async function exchangeFailure(error: unknown, endpoint: Endpoint, deadline: Deadline): Promise<unknown> {
  const { what } = deadline;
  if (error instanceof WaitAborted) return deadline.error();
  if (error instanceof MalformedBytes) {
    return new DiagnosticsError('protocol-violation', { what, why: error.message, cause: error });
  }
  if (error instanceof ConnectionClosed) {
    if (endpoint.canEnd && (await endsSoon(endpoint))) {
      return new DiagnosticsError('process-not-found', { what, why: `${endpoint.name} ended meanwhile`, cause: error });
    }
    const why = `${endpoint.name} closed the connection before it answered (${error.message})`;
    return new DiagnosticsError('connection-closed', { what, why, cause: error });
  }
  return error;
}
