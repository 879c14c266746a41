import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An artifact that was finalized. */
export interface StoredArtifact {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  readonly expiresAt: string | undefined;
  /** As the client told it: "sha256:…". */
  readonly hash: string;
  /** Undefined when the server keeps no content. */
  readonly zip: Buffer | undefined;
}

export interface ServerBehaviour {
  /** Names that are taken. */
  readonly taken?: readonly string[];
  /** So many twirp requests fail with this status first. */
  readonly failing?: { readonly status: number; readonly times: number; readonly msg?: string };
  /** Blocks are never answered. */
  readonly stalled?: boolean;
  /** Only counts and hashes what comes: for gigabytes. */
  readonly discard?: boolean;
}

interface Upload {
  readonly name: string;
  readonly expiresAt: string | undefined;
  readonly blocks: Map<string, Buffer>;
  readonly sizes: Map<string, number>;
  content: Buffer | undefined;
  bytes: number;
}

interface CacheEntry {
  readonly key: string;
  readonly version: string;
  readonly upload: Upload;
  ready: boolean;
}

const ARTIFACTS = '/twirp/github.actions.results.api.v1.ArtifactService/';
const CACHES = '/twirp/github.actions.results.api.v1.CacheService/';

/**
 * GitHub's artifact and cache service as @actions/artifact and @actions/cache talk to it (Twirp with JSON), and the part of Azure's
 * block blob storage that they use (Put Block, Put Block List, Put Blob, Get Blob).
 */
export class ArtifactServer implements AsyncDisposable {
  readonly artifacts: StoredArtifact[] = [];
  /** Twirp methods in the order in which they were called. */
  readonly calls: string[] = [];
  readonly #server: Server;
  readonly #uploads = new Map<string, Upload>();
  readonly #caches: CacheEntry[] = [];
  behaviour: ServerBehaviour = {};
  #failures = 0;
  #nextId = 1;

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request, response).catch((error: Error) => response.destroy(error));
    });
  }

  static async start(): Promise<ArtifactServer> {
    const server = new ArtifactServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  named(pattern: RegExp): StoredArtifact[] {
    return this.artifacts.filter(({ name }) => pattern.test(name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    if (pathname.startsWith('/twirp/')) await this.#twirp(pathname, request, response);
    else if (request.method === 'PUT') await this.#put(pathname, searchParams, request, response);
    else this.#get(pathname, request, response);
  }

  async #twirp(pathname: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse((await contentOf(request)).toString()) as Record<string, unknown>;
    const method = pathname.split('/').at(-1) ?? '';
    this.calls.push(method);
    const send = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const { failing } = this.behaviour;
    if (!/^Bearer ey/.test(request.headers.authorization ?? ''))
      send(401, { code: 'unauthenticated', msg: 'no token' });
    else if (failing && this.#failures < failing.times) {
      this.#failures += 1;
      send(failing.status, { code: 'internal', msg: failing.msg ?? 'it does not work today' });
    } else {
      const answer = pathname.startsWith(CACHES)
        ? this.#cache(method, body)
        : pathname.startsWith(ARTIFACTS)
          ? this.#artifact(method, body)
          : undefined;
      if (answer === 'conflict')
        send(409, { code: 'already_exists', msg: 'an artifact with this name already exists' });
      else send(answer === undefined ? 404 : 200, answer ?? {});
    }
  }

  #artifact(method: string, body: Record<string, unknown>): unknown {
    const name = String(body.name);
    switch (method) {
      case 'CreateArtifact': {
        const known = [...(this.behaviour.taken ?? []), ...this.artifacts.map((one) => one.name)];
        if (known.includes(name)) return 'conflict';
        return { ok: true, signed_upload_url: this.#newUpload(name, body.expires_at as string | undefined) };
      }
      case 'FinalizeArtifact': {
        const upload = [...this.#uploads.values()].findLast((one) => one.name === name);
        if (!upload || String(upload.bytes) !== body.size) return { ok: false, artifact_id: '0' };
        const { bytes, expiresAt, content: zip } = upload;
        const id = this.#nextId++;
        this.artifacts.push({ id, name, bytes, expiresAt, zip, hash: String(body.hash) });
        return { ok: true, artifact_id: String(id) };
      }
      case 'ListArtifacts':
        return {
          artifacts: this.artifacts
            .filter(
              (one) =>
                body.id_filter === undefined || body.id_filter === null || String(body.id_filter) === String(one.id),
            )
            .filter((one) => typeof body.name_filter !== 'string' || body.name_filter === one.name)
            .map(({ id, name: artifact, bytes }) => ({
              ...{ workflow_run_backend_id: 'run', workflow_job_run_backend_id: 'job', name: artifact },
              ...{ database_id: String(id), size: String(bytes), created_at: new Date(id * 1000).toISOString() },
            })),
        };
      case 'GetSignedArtifactURL': {
        const artifact = this.artifacts.find((one) => one.name === name);
        return { signed_url: `${this.url}zip/${artifact?.id}?sig=x` };
      }
      default:
        return undefined;
    }
  }

  #cache(method: string, body: Record<string, unknown>): unknown {
    const { key, version } = body as { key: string; version: string };
    switch (method) {
      case 'CreateCacheEntry': {
        if (this.#caches.some((one) => one.key === key && one.version === version))
          return { ok: false, signed_upload_url: '' };
        const url = this.#newUpload(`cache-${key}`, undefined);
        const upload = this.#uploads.get(new URL(url).pathname);
        if (upload) this.#caches.push({ key, version, upload, ready: false });
        return { ok: true, signed_upload_url: url };
      }
      case 'FinalizeCacheEntryUpload': {
        const entry = this.#caches.find((one) => one.key === key && one.version === version);
        if (entry) entry.ready = true;
        return { ok: entry !== undefined, entry_id: '1' };
      }
      case 'GetCacheEntryDownloadURL': {
        const keys = [key, ...((body.restore_keys as string[] | undefined) ?? [])];
        const entry = this.#caches.findLast(
          (one) => one.ready && one.version === version && keys.some((k) => one.key.startsWith(k)),
        );
        if (!entry) return { ok: false, signed_download_url: '', matched_key: '' };
        return {
          ok: true,
          signed_download_url: `${this.url}cache/${this.#caches.indexOf(entry)}?sig=x`,
          matched_key: entry.key,
        };
      }
      default:
        return undefined;
    }
  }

  #newUpload(name: string, expiresAt: string | undefined): string {
    const path = `/blob/${this.#uploads.size}`;
    const upload = { name, expiresAt, blocks: new Map(), sizes: new Map(), content: undefined, bytes: 0 };
    this.#uploads.set(path, upload);
    return `${this.url.slice(0, -1)}${path}?sig=x`;
  }

  async #put(path: string, query: URLSearchParams, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const upload = this.#uploads.get(path);
    if (!upload) {
      response.writeHead(404).end();
      return;
    }
    if (this.behaviour.stalled) {
      request.resume();
      return;
    }
    const discard = this.behaviour.discard === true && query.get('comp') === 'block';
    const { content, bytes } = discard ? await counted(request) : await kept(request);
    const block = query.get('blockid') ?? '';
    if (query.get('comp') === 'block') {
      upload.sizes.set(block, bytes);
      if (content) upload.blocks.set(block, content);
    } else if (query.get('comp') === 'blocklist') {
      const ids = [...(content?.toString() ?? '').matchAll(/<Latest>([^<]+)<\/Latest>/g)].map(([, id]) => id ?? '');
      upload.bytes = ids.reduce((sum, id) => sum + (upload.sizes.get(id) ?? 0), 0);
      if (this.behaviour.discard !== true)
        upload.content = Buffer.concat(ids.map((id) => upload.blocks.get(id) ?? Buffer.alloc(0)));
    } else {
      upload.content = content;
      upload.bytes = bytes;
    }
    response.writeHead(201, { ETag: '"1"', 'Last-Modified': new Date().toUTCString() }).end();
  }

  #get(path: string, request: IncomingMessage, response: ServerResponse): void {
    const [, kind, number] = path.split('/');
    const content =
      kind === 'zip'
        ? this.artifacts.find(({ id }) => String(id) === number)?.zip
        : this.#caches[Number(number)]?.upload.content;
    if (!content) {
      response.writeHead(404).end();
      return;
    }
    const [, from, to] =
      /bytes=(\d+)-(\d*)/.exec(String(request.headers['x-ms-range'] ?? request.headers.range ?? '')) ?? [];
    const part = from === undefined ? content : content.subarray(Number(from), to ? Number(to) + 1 : undefined);
    response.writeHead(from === undefined ? 200 : 206, {
      ...{
        'content-type': kind === 'zip' ? 'application/zip' : 'application/octet-stream',
        'content-length': part.length,
      },
      ...(from === undefined
        ? {}
        : { 'content-range': `bytes ${from}-${Number(from) + part.length - 1}/${content.length}` }),
    });
    response.end(request.method === 'HEAD' ? undefined : part);
  }
}

/** "sha256:…" of what an artifact holds. */
export const digestOf = (zip: Buffer | undefined): string =>
  `sha256:${createHash('sha256')
    .update(zip ?? '')
    .digest('hex')}`;

async function contentOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function kept(request: IncomingMessage): Promise<{ content: Buffer | undefined; bytes: number }> {
  const content = await contentOf(request);
  return { content, bytes: content.length };
}

async function counted(request: IncomingMessage): Promise<{ content: undefined; bytes: number }> {
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) bytes += chunk.length;
  return { content: undefined, bytes };
}
