import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { type CaptureDetail, conforms, FirstchanceError } from '@firstchance/model';
import { adoptProcess } from '@firstchance/session';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { type Channel, openChannel } from '../wire/channel.ts';
import type { JournalEntry } from '../wire/journal.ts';
import { type ParamsOf, REQUESTS, type RequestName, type ResultOf } from '../wire/requests.ts';
import type { NotificationName, NotificationOf } from '../wire/values.ts';
import { PROTOCOL } from '../wire/version.ts';
import { ClientChecks } from './checks.ts';
import { invalidParams, toResponseError } from './failure.ts';
import { findTarget, onlyTarget } from './find-target.ts';
import { JournalReader } from './journal-reader.ts';
import type { Listening } from './notifier.ts';
import type { Serving } from './serving.ts';

type Handlers = { [N in RequestName]: (params: ParamsOf<N>) => Promise<ResultOf<N>> };

/** One client of the server, from its hello to its end. What it sends is checked; it can harm nobody but itself. */
export class ClientConnection implements Listening {
  readonly id = randomUUID();
  /** Resolves when it is over and all it has told was taken in. */
  readonly ended: Promise<void>;
  readonly #serving: Serving;
  readonly #channel: Channel;
  readonly #connection: MessageConnection;
  readonly #checks: ClientChecks;
  #role: 'owner' | 'worker' | undefined;
  #runner = '';
  #journal: JournalReader | undefined;
  /** Requests and notifications until now. */
  #messages = 0;
  #gone = false;

  constructor(socket: Socket, serving: Serving) {
    this.#serving = serving;
    this.#channel = openChannel(socket, () => {
      this.#messages += 1;
      this.#journal?.before(this.#messages);
    });
    this.#connection = this.#channel.connection;
    this.#checks = new ClientChecks(serving.session, serving.request, this.#connection);
    const handlers = this.#handlers();
    for (const method of Object.keys(REQUESTS) as RequestName[]) {
      const answer = (params: unknown) => this.#answer(method, handlers[method] as never, params);
      this.#connection.onRequest(method, answer);
      // Without an id nobody waits for an answer (JSON-RPC 2.0, section 4.1).
      this.#connection.onNotification(method, (params: unknown) => void answer(params).catch(() => {}));
    }
    // What a worker told last, and did not wait for, counts.
    this.ended = new Promise<void>((resolve) => socket.once('close', resolve))
      .then(() => this.drained())
      .then(() => this.#end());
    this.#connection.listen();
  }

  /** Resolves when what the client has sent until now was taken in. */
  async drained(): Promise<void> {
    await this.#channel.drained();
    this.#journal?.read();
  }

  get owner(): boolean {
    return this.#role === 'owner';
  }

  knowsTest(testId: string): boolean {
    return this.#serving.session.runners.tests.get(testId)?.client === this.id;
  }

  notify<N extends NotificationName>(name: N, value: NotificationOf<N>): void {
    if (!this.#gone) void this.#connection.sendNotification(name, value).catch(() => {});
  }

  async #answer<N extends RequestName>(method: N, handle: Handlers[N], params: unknown): Promise<unknown> {
    const checked = conforms<ParamsOf<N>>(REQUESTS[method].params as never, params);
    if (!checked.ok) throw invalidParams(method, checked.problem);
    if (this.#role === undefined && method !== 'session/hello')
      throw invalidParams(method, 'session/hello comes first');
    try {
      return await handle(checked.value);
    } catch (error) {
      throw toResponseError(error);
    }
  }

  #handlers(): Handlers {
    const { session, launches, notifier, request } = this.#serving;
    const { runners } = session;
    const briefs = (details: readonly CaptureDetail[]) => ({ captures: details.map((one) => notifier.brief(one)) });
    return {
      'session/hello': async ({ protocol, role, pid, mainThread, runner, journal }) => {
        if (protocol !== PROTOCOL) throw versions(protocol);
        if (this.#role !== undefined) throw invalidParams('session/hello', 'it was said already');
        this.#role = role;
        this.#runner = runner;
        if (role === 'owner') this.#serving.owned(pid);
        // What globalSetup starts, in the runner's main process, serves every test.
        const shared = role === 'owner' || (mainThread && pid === this.#serving.ownerPid);
        runners.clients.add(this.id, { pid, shared });
        notifier.add(this);
        const captureMethods = [...session.captureMethods];
        const problems = role === 'owner' ? notifier.takeUntold() : [];
        const { sessionId, folder, options } = session.plan;
        const known = { session: sessionId, folder, ledger: runners.hasLedger, atThrow: options.firstChance };
        return { ...known, captureMethods, problems, journal: this.#openJournal(journal) };
      },
      'target/launch': async (params) => {
        const pid = await launches.launch(params, (progress) => this.notify('progress', progress));
        runners.clients.own(this.id, pid);
        return { pid };
      },
      'target/attach': async ({ pid }) => {
        const { name, runtime } = await adoptProcess(session, pid, request.ports.describe);
        runners.clients.own(this.id, pid);
        return { pid, name, runtime };
      },
      'target/find': async ({ url }) => ({
        pid: url === undefined ? onlyTarget(session, this.id) : findTarget(session, url),
      }),
      'target/stop': ({ pid }) => launches.stop(pid),
      'test/begin': async (params) => {
        await this.#begin(params);
        return {};
      },
      'test/end': async (params) => {
        await this.#endTest(params);
        return { captures: notifier.capturesOf(params.testId) };
      },
      capture: async ({ pid, kind, reason, testId }) => {
        if (pid === null) {
          if (testId === undefined) throw invalidParams('capture', 'without a pid it needs the id of a test');
          this.#requireOwn(testId);
          return briefs(await runners.late(testId, reason));
        }
        const detail = await session.capture(pid, { kind, detail: reason });
        return briefs(detail ? [detail] : []);
      },
      'capture/report': async ({ captureId }) => ({ text: notifier.report(captureId) }),
      census: async ({ pid }) => {
        if (!session.engine) throw noEngine();
        const { pauseMs, complete, types, channels } = await session.engine.census({ pid });
        return { pauseMs, complete, types: [...types], channels };
      },
      'check/start': (params) =>
        this.#checks.start(params, this.#runner, (progress) => this.notify('progress', progress)),
      'check/close': async ({ checkId }) => {
        this.#checks.close(checkId);
        return {};
      },
      'session/close': async () => {
        if (!this.owner) throw invalidParams('session/close', 'only the owner may close the session');
        return await this.#serving.close();
      },
    };
  }

  async #begin({ test, deadlineMs }: ParamsOf<'test/begin'>, at?: number): Promise<void> {
    const { notifier, session } = this.#serving;
    this.#requireOwn(test.id);
    if (!session.runners.tests.get(test.id)) notifier.forget(test.id);
    await session.runners.begin(this.id, test, deadlineMs, at);
  }

  async #endTest({ testId, state }: ParamsOf<'test/end'>, at?: number): Promise<void> {
    this.#requireOwn(testId);
    await this.#serving.session.runners.end(testId, state, at);
  }

  /** False when there is none, or it cannot be read: the worker then tells by messages alone. */
  #openJournal(name: string | undefined): boolean {
    if (name === undefined) return false;
    const { session } = this.#serving;
    this.#journal = JournalReader.open(session.privateFolder.path, name, this.#messages, (entry) => this.#told(entry));
    if (this.#journal) session.runners.untold.add(this.#readJournal);
    return this.#journal !== undefined;
  }

  readonly #readJournal = () => this.#journal?.read();

  /** Nobody waits for an answer, and what is wrong is only the worker's own. */
  #told(entry: JournalEntry): void {
    const done =
      entry.method === 'test/begin' ? this.#begin(entry.params, entry.at) : this.#endTest(entry.params, entry.at);
    done.catch(() => {});
  }

  /** Two processes must not take one id for two tests. */
  #requireOwn(testId: string): void {
    const running = this.#serving.session.runners.tests.get(testId);
    if (running && running.client !== this.id)
      throw invalidParams('test', `${JSON.stringify(testId.slice(0, 200))} is the test of another client`);
  }

  #end(): void {
    if (this.#gone) return;
    this.#gone = true;
    const { session, notifier } = this.#serving;
    this.#journal?.[Symbol.dispose]();
    session.runners.untold.delete(this.#readJournal);
    notifier.remove(this);
    this.#checks[Symbol.dispose]();
    session.runners.clientEnded(this.id);
    this.#connection.dispose();
    this.#serving.ended(this);
  }
}

function versions(theirs: number): FirstchanceError {
  return new FirstchanceError({
    ...{ code: 'protocol-version', what: 'Connecting a test runner to the session' },
    why: `it speaks version ${theirs} of the protocol, the session version ${PROTOCOL}`,
    cure: 'install firstchance and its adapters in the same version',
  });
}

function noEngine(): FirstchanceError {
  const why = 'there is no engine, or it has ended';
  return new FirstchanceError({
    code: 'no-engine',
    what: 'Reading the memory',
    why,
    cure: 'run: npx firstchance doctor',
  });
}
