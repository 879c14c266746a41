import { join } from 'node:path';
import { checkProcess, type Session } from '@firstchance/session';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import type { ParamsOf } from '../wire/requests.ts';
import type { FinishedGrowthCheck, Progress } from '../wire/values.ts';
import { RemoteOperation } from './remote-operation.ts';
import type { ServeRequest } from './request.ts';

/** The growth checks of one client. */
export class ClientChecks implements Disposable {
  readonly #session: Session;
  readonly #request: Pick<ServeRequest, 'ports' | 'judging' | 'operation' | 'texts'>;
  readonly #connection: MessageConnection;
  readonly #running = new Map<string, AbortController>();

  constructor(
    session: Session,
    request: Pick<ServeRequest, 'ports' | 'judging' | 'operation' | 'texts'>,
    connection: MessageConnection,
  ) {
    this.#session = session;
    this.#request = request;
    this.#connection = connection;
  }

  /** @throws UsageError for options and operations that are none */
  async start(
    params: ParamsOf<'check/start'>,
    runner: string,
    tell: (progress: Progress) => void,
  ): Promise<FinishedGrowthCheck> {
    const { checkId, pid, name, operation } = params;
    const { ports, judging: judgingOf, operation: operationOf, texts } = this.#request;
    // Before anything is waited for: it may be cancelled by the very next message.
    const cancel = new AbortController();
    this.#running.set(checkId, cancel);
    try {
      const judging = await judgingOf(params.options);
      const work =
        operation === undefined ? new RemoteOperation(name, checkId, this.#connection) : operationOf(operation);
      const finished = await checkProcess(this.#session, ports, {
        ...{ ...judging, pid, operation: work, signal: cancel.signal },
        accept: (check) => (judging.accept ?? ((same) => same))({ ...check, name }),
        onProgress: ({ done, expected }) => tell({ about: 'check', checkId, done, expected }),
      });
      const { id, verdict, reason, code, check } = finished;
      const evidence = join(this.#session.plan.folder, 'checks', `${id}.json`);
      return { id, verdict, reason, passed: code === 0, evidence, text: texts.check(check, runner) };
    } finally {
      this.#running.delete(checkId);
    }
  }

  close(checkId: string): void {
    this.#running.get(checkId)?.abort(new Error('the test runner cancelled it'));
  }

  /** Its client is gone: nobody does the operations any more. */
  [Symbol.dispose](): void {
    for (const cancel of this.#running.values()) cancel.abort(new Error('the test process that asked for it is gone'));
  }
}
