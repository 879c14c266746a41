import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DefaultArtifactClient } from '@actions/artifact';
import { errorCode } from '@firstchance/model';
import type { Job } from '../job/job.ts';

export interface UploadRequest {
  readonly name: string;
  /** Absolute paths below the root. */
  readonly files: readonly string[];
  readonly root: string;
  readonly retentionDays: number;
  /** 0 for what is compressed or encrypted already. */
  readonly compressionLevel: number;
}

export interface UploadedArtifact {
  readonly name: string;
  readonly id: number;
  readonly bytes: number;
  /** "sha256:…" */
  readonly digest: string;
  readonly url: string;
}

/** So many artifacts of one name are told apart by a number behind it. */
const MOST_NAMES = 5;

/** The job's artifacts. What cannot be done is a sentence, never an exception: tests are worth more than their dumps. */
export class ArtifactStore {
  readonly #job: Job;
  #client: DefaultArtifactClient | undefined;

  constructor(job: Job) {
    this.#job = job;
  }

  /** @returns a sentence when it could not be uploaded */
  async upload(request: UploadRequest): Promise<UploadedArtifact | string> {
    const missing = unavailable();
    if (missing !== undefined) return missing;
    const { files, root, retentionDays, compressionLevel } = request;
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? request.name : `${request.name}-${number}`;
      try {
        const { id, size, digest } = await (await this.#service()).uploadArtifact(name, [...files], root, {
          ...{ retentionDays, compressionLevel },
        });
        if (id === undefined) return `${name} was not uploaded: the service gave it no id`;
        const url = this.#job.runUrl === undefined ? '' : `${this.#job.runUrl}/artifacts/${id}`;
        return { name, id, url, bytes: size ?? 0, digest: digest === undefined ? '' : `sha256:${digest}` };
      } catch (error) {
        // Another step of this job has one: no artifact can be replaced.
        if (isConflict(error) && number < MOST_NAMES) continue;
        return `${name} was not uploaded: ${reason(error)}`;
      }
    }
  }

  /** Artifacts of this run, of all its jobs. @returns a sentence when they cannot be listed */
  async list(): Promise<readonly { readonly name: string; readonly id: number }[] | string> {
    const missing = unavailable();
    if (missing !== undefined) return missing;
    try {
      return (await (await this.#service()).listArtifacts({ latest: true })).artifacts;
    } catch (error) {
      return `artifacts of this run could not be listed: ${reason(error)}`;
    }
  }

  /** Unpacks an artifact into a folder of its name. @returns the folder, or a sentence */
  async download({ name, id }: { name: string; id: number }, parent: string): Promise<{ folder: string } | string> {
    const folder = join(parent, String(id));
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const { digestMismatch } = await (await this.#service()).downloadArtifact(id, { path: folder });
      return digestMismatch ? `${name} was not read: its digest is wrong` : { folder };
    } catch (error) {
      return `${name} was not read: ${reason(error)}`;
    }
  }

  /** Loaded when it is needed: it is most of the bundle, and a step should begin at once. */
  async #service(): Promise<DefaultArtifactClient> {
    this.#client ??= new (await import('@actions/artifact')).DefaultArtifactClient();
    return this.#client;
  }
}

function unavailable(): string | undefined {
  for (const name of ['ACTIONS_RUNTIME_TOKEN', 'ACTIONS_RESULTS_URL'])
    if (!process.env[name])
      return `artifacts are not available: ${name} is not set, as only steps with "uses:" of a job have it`;
  return undefined;
}

function isConflict(error: unknown): boolean {
  return error instanceof Error && /\(409\)|\b409\b/.test(error.message);
}

/** One clear sentence for what the client throws. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = errorCode(error);
  if (error.name === 'GHESNotSupportedError')
    return 'GitHub Enterprise Server has no artifact service of this version; keep the session folder in another way';
  if (error.name === 'UsageError' || /storage quota/i.test(error.message))
    return 'the storage quota for artifacts is used up';
  if (/stalled/i.test(error.message)) return 'the upload made no progress';
  if (code === 'ENOSPC') return 'the disk is full';
  if (/Failed request: \(40[13]\)/.test(error.message)) return 'the service refused the token of this job';
  return (error.message.split('\n')[0] ?? '').replace(/^Failed to \w+: /, '');
}
