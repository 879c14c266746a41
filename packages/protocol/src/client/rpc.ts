import type { Socket } from 'node:net';
import { MAX_MESSAGE_BYTES } from '../wire/size-limit.ts';

/** A failure as the server answered it (JSON-RPC 2.0, section 5.1). */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly data: unknown;

  constructor(message: string, data: unknown) {
    super(message);
    this.data = data;
  }
}

export interface RpcHandlers {
  notification(method: string, params: unknown): void;
  /** Rejects with what the server is told. */
  request(method: string, params: unknown): Promise<unknown>;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What a message may be; the server is ours, and has checked that we are of its version. */
interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly data?: unknown };
}

const HEAD_END = '\r\n\r\n';
const METHOD_NOT_FOUND = -32_601;

/**
 * The client's end of JSON-RPC over a socket ("Content-Length: N", an empty line, N bytes). Every test process loads it, and every
 * test talks through it, so it is no more than that: the library that the server has is a tenth of a second of loading.
 */
export class Rpc {
  readonly #socket: Socket;
  readonly #handlers: RpcHandlers;
  readonly #waiting = new Map<number, Waiting>();
  #received: Buffer = Buffer.alloc(0);
  /** Bytes of the message that is being received, head included; undefined before its head is whole. */
  #expected: { head: number; total: number } | undefined;
  #id = 0;
  #sent = 0;

  constructor(socket: Socket, handlers: RpcHandlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    socket.on('data', (data: Buffer) => this.#read(data));
    socket.on('error', () => socket.destroy());
  }

  /** Requests and notifications so far; answers to the server's do not count. */
  get sent(): number {
    return this.#sent;
  }

  /** @throws RpcError */
  request(method: string, params: unknown): Promise<unknown> {
    this.#sent += 1;
    this.#id += 1;
    const id = this.#id;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      void this.#write({ id, method, params });
    });
  }

  /** Resolves when the kernel has it. */
  notify(method: string, params: unknown): Promise<void> {
    this.#sent += 1;
    return this.#write({ method, params });
  }

  /** The connection is over: rejects what still waits. */
  end(): void {
    for (const { reject } of this.#waiting.values()) reject(new RpcError('the connection has ended', undefined));
    this.#waiting.clear();
  }

  #write(message: object): Promise<void> {
    const content = JSON.stringify({ jsonrpc: '2.0', ...message });
    const text = `Content-Length: ${Buffer.byteLength(content)}${HEAD_END}${content}`;
    return new Promise((resolve) => void this.#socket.write(text, () => resolve()));
  }

  /** What is no message ends the connection: after it nobody knows where the next one begins. */
  #read(data: Buffer): void {
    this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data]);
    try {
      for (let content = this.#next(); content !== undefined; content = this.#next())
        this.#handle(JSON.parse(content) as Message);
    } catch {
      this.#socket.destroy();
    }
  }

  #next(): string | undefined {
    this.#expected ??= this.#head();
    if (this.#expected === undefined || this.#received.length < this.#expected.total) return undefined;
    const { head, total } = this.#expected;
    const content = this.#received.toString('utf8', head, total);
    this.#received = this.#received.subarray(total);
    this.#expected = undefined;
    return content;
  }

  #head(): { head: number; total: number } | undefined {
    const end = this.#received.indexOf(HEAD_END);
    if (end < 0) return undefined;
    const length = Number(/content-length:\s*(\d+)/i.exec(this.#received.toString('latin1', 0, end))?.[1]);
    if (!(length <= MAX_MESSAGE_BYTES)) throw new Error('a message without a length, or too long');
    const head = end + HEAD_END.length;
    return { head, total: head + length };
  }

  #handle({ id, method, params, result, error }: Message): void {
    if (method === undefined) {
      const waiting = this.#waiting.get(id as number);
      this.#waiting.delete(id as number);
      if (error) waiting?.reject(new RpcError(error.message, error.data));
      else waiting?.resolve(result);
    } else if (id === undefined) this.#handlers.notification(method, params);
    else void this.#answer(id, method, params);
  }

  async #answer(id: number | string, method: string, params: unknown): Promise<void> {
    try {
      const result = await this.#handlers.request(method, params);
      await this.#write({ id, result });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      await this.#write({ id, error: { code: METHOD_NOT_FOUND, message } });
    }
  }
}
