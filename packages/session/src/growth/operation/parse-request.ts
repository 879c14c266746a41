import { UsageError } from '@firstchance/model';

/** An HTTP request as a person writes it, still with its {n}. */
export interface RequestTemplate {
  readonly method: string;
  /** Absolute URL, or a path below the program under test. */
  readonly url: string;
  readonly body: string | undefined;
}

const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);
export const PLACEHOLDER = '{n}';

/** "POST /run?n={n}", "GET http://127.0.0.1:5000/orders", "POST /orders {"id":1}"; GET when no method stands there. @throws UsageError */
export function parseRequest(text: string): RequestTemplate {
  const [, first = '', rest = ''] = /^\s*(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const named = METHODS.has(first.toUpperCase());
  const [, url = '', body = ''] = /^(\S+)\s*([\s\S]*)$/.exec(named ? rest : `${first} ${rest}`) ?? [];
  const method = named ? first.toUpperCase() : 'GET';
  const wrong = (why: string) =>
    new UsageError(`--op is "${text}"; ${why}, for example 'POST /orders' or 'GET http://127.0.0.1:5000/orders'`);
  if (url === '') throw wrong('write a method and a URL or path');
  if (!url.startsWith('/')) {
    const protocol = URL.canParse(url) ? new URL(url).protocol : '';
    if (protocol !== 'http:' && protocol !== 'https:') throw wrong('write a path or an http URL');
  }
  return { method, url, body: body.trim() === '' ? undefined : body.trim() };
}

/** The check's name: without host and port, which change from run to run. */
export function requestName({ method, url }: RequestTemplate): string {
  if (url.startsWith('/')) return `${method} ${url}`;
  const { pathname, search } = new URL(url);
  // URL encodes the braces of the placeholder.
  return `${method} ${pathname}${search}`.replaceAll('%7Bn%7D', PLACEHOLDER);
}

/** "Name: value". @throws UsageError */
export function parseHeader(text: string): readonly [name: string, value: string] {
  const [, name, value] = /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*([^\r\n]*?)\s*$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new UsageError(`--op-header has no form 'Name: value'; write for example 'Accept: application/json'`);
  return [name, value];
}

/** Statuses that are no failure: from the first to the last. */
export interface ExpectedStatus {
  readonly from: number;
  readonly to: number;
}

/** "404", "4xx", "any". @throws UsageError */
export function parseExpectedStatus(text: string): ExpectedStatus {
  if (text === 'any') return { from: 100, to: 599 };
  const [, hundreds, rest] = /^([1-5])(\d\d|xx)$/i.exec(text) ?? [];
  if (hundreds === undefined || rest === undefined)
    throw new UsageError(`--op-expect is "${text}"; write a status like 404, a class like 4xx, or any`);
  const from = Number(hundreds) * 100;
  return rest.toLowerCase() === 'xx' ? { from, to: from + 99 } : { from: Number(text), to: Number(text) };
}
