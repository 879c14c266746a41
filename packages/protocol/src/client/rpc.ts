import type { Socket } from 'node:net';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { openChannel } from '../wire/channel.ts';

export interface RpcHandlers {
  notification(method: string, params: unknown): void;
  /** Rejects with what the server is told. */
  request(method: string, params: unknown): Promise<unknown>;
}

/** The client's end of JSON-RPC over a socket, which counts what it sends: lines of the journal have their place among it. */
export class Rpc {
  readonly #connection: MessageConnection;
  #sent = 0;

  constructor(socket: Socket, handlers: RpcHandlers) {
    this.#connection = openChannel(socket).connection;
    this.#connection.onNotification((method, params) => handlers.notification(method, params));
    this.#connection.onRequest((method, params) => handlers.request(method, params));
    this.#connection.listen();
  }

  /** Requests and notifications so far; answers to the server's do not count. */
  get sent(): number {
    return this.#sent;
  }

  /** Rejects with the library's ResponseError. */
  request(method: string, params: unknown): Promise<unknown> {
    this.#sent += 1;
    return this.#connection.sendRequest(method, params);
  }

  /** Resolves when the kernel has it. */
  notify(method: string, params: unknown): Promise<void> {
    this.#sent += 1;
    return this.#connection.sendNotification(method, params);
  }

  /** The connection is over: rejects what still waits. */
  end(): void {
    this.#connection.dispose();
  }
}
