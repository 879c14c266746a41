import { conforms } from '@firstchance/model';
import type { DoseResult, Operation } from '@firstchance/session';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { invalidParams } from '../wire/failure.ts';
import { OPERATION_RUN } from '../wire/requests.ts';

/** An operation that the client does when it is asked to. */
export class RemoteOperation implements Operation {
  readonly name: string;
  readonly #checkId: string;
  readonly #connection: MessageConnection;

  constructor(name: string, checkId: string, connection: MessageConnection) {
    this.name = name;
    this.#checkId = checkId;
    this.#connection = connection;
  }

  async run(count: number, signal: AbortSignal): Promise<DoseResult> {
    const answer = await Promise.race([
      this.#connection.sendRequest<unknown>(OPERATION_RUN.method, { checkId: this.#checkId, count }),
      rejection(signal),
    ]);
    const checked = conforms(OPERATION_RUN.result, answer);
    if (!checked.ok) throw invalidParams(OPERATION_RUN.method, `the answer was not understood: ${checked.problem}`);
    const { done, failed, example } = checked.value;
    return { done, failed, ...(example === undefined ? {} : { example }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
