import { type Agent, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { errorCode, humanMs } from '@firstchance/model';
import { networkReason } from '@firstchance/target';
import { type DoseResult, type Operation, repeat } from './operation.ts';
import { type ExpectedStatus, PLACEHOLDER, type RequestTemplate, requestName } from './parse-request.ts';

export interface HttpOperationOptions {
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** For one request, in ms. */
  readonly timeoutMs: number;
  /** Absent: every status below 400. */
  readonly expect?: ExpectedStatus;
}

const SUCCESS: ExpectedStatus = { from: 100, to: 399 };

/** Characters of an answer that are kept as an example. */
const EXAMPLE = 300;

/**
 * An HTTP request over one connection that is kept alive: with {n} in it one request does the whole dose, without it is
 * repeated. Another status than expected, a network error and a time-out are failures.
 */
export class HttpOperation implements Operation {
  readonly name: string;
  readonly #template: RequestTemplate;
  readonly #base: string | undefined;
  readonly #options: HttpOperationOptions;
  readonly #agent: Agent;

  /** @param base origin of the program under test, for a template that has only a path */
  constructor(template: RequestTemplate, base: string | undefined, options: HttpOperationOptions) {
    this.name = requestName(template);
    this.#template = template;
    this.#base = base;
    this.#options = options;
    const keepAlive = { keepAlive: true, maxSockets: 1 };
    const { protocol } = new URL(template.url, base);
    this.#agent = protocol === 'https:' ? new HttpsAgent(keepAlive) : new HttpAgent(keepAlive);
  }

  async run(count: number, signal: AbortSignal): Promise<DoseResult> {
    const { url, body = '' } = this.#template;
    if (!url.includes(PLACEHOLDER) && !body.includes(PLACEHOLDER))
      return repeat(count, signal, () => this.#once(1, signal));
    const failure = await this.#once(count, signal);
    signal.throwIfAborted();
    return failure === undefined ? { done: count, failed: 0 } : { done: 0, failed: count, example: failure };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy();
  }

  /** Undefined when it succeeded, else what was answered. */
  async #once(operations: number, signal: AbortSignal): Promise<string | undefined> {
    const { timeoutMs, expect = SUCCESS } = this.#options;
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const { status, text } = await this.#send(operations, AbortSignal.any([signal, limit]));
      if (status >= expect.from && status <= expect.to) return undefined;
      return `${this.name} answered ${status}${text.trim() === '' ? '' : `: ${text.trim()}`}`;
    } catch (error) {
      const why = limit.aborted ? `no answer in ${humanMs(timeoutMs)}` : networkReason(error);
      return `${this.name} failed: ${why}`;
    }
  }

  async #send(operations: number, signal: AbortSignal): Promise<{ status: number; text: string }> {
    const fill = (text: string) => text.replaceAll(PLACEHOLDER, String(operations));
    const { method, url, body } = this.#template;
    const target = new URL(fill(url), this.#base);
    const payload = body === undefined ? undefined : fill(body);
    const headers = { ...(payload === undefined ? {} : { 'content-type': contentType(payload) }), ...this.#headers() };
    for (;;) {
      const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
      const request = send(target, { method, agent: this.#agent, signal, headers });
      const answered = new Promise<IncomingMessage>((resolve, reject) => {
        request.once('response', resolve);
        request.once('error', reject);
      });
      request.end(payload);
      try {
        return await read(await answered);
      } catch (error) {
        // The server closed an idle connection in the moment it was used again: it has not seen this request (Node's own advice).
        const stale = request.reusedSocket && errorCode(error) === 'ECONNRESET';
        if (!stale || signal.aborted) throw error;
      }
    }
  }

  #headers(): Record<string, string> {
    return Object.fromEntries(this.#options.headers ?? []);
  }
}

/** Reads an answer to its end, so that the connection is free again, and keeps its beginning. */
async function read(response: IncomingMessage): Promise<{ status: number; text: string }> {
  let text = '';
  for await (const chunk of response) if (text.length < EXAMPLE) text += String(chunk);
  return { status: response.statusCode ?? 0, text: text.slice(0, EXAMPLE) };
}

function contentType(body: string): string {
  return /^[[{]/.test(body) ? 'application/json' : 'text/plain; charset=utf-8';
}
