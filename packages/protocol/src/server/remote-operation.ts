import { conforms } from '@firstchance/model';
import type { DoseResult, Operation } from '@firstchance/session';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { OPERATION_RUN } from '../wire/requests.ts';
import { invalidParams } from './failure.ts';

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
    const answer = await unless(
      signal,
      this.#connection.sendRequest<unknown>(OPERATION_RUN.method, { checkId: this.#checkId, count }),
    );
    const checked = conforms(OPERATION_RUN.result, answer);
    if (!checked.ok) throw invalidParams(OPERATION_RUN.method, `the answer was not understood: ${checked.problem}`);
    const { done, failed, example } = checked.value;
    return { done, failed, ...(example === undefined ? {} : { example }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** @throws the signal's reason when it is aborted before the work is done */
async function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let abort: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
