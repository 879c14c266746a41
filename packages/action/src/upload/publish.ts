import { join } from 'node:path';
import { info, warning } from '@actions/core';
import { errorCode, errorText } from '@firstchance/model';
import { harmless, type ReadModel } from '@firstchance/report';
import { childEnvironment } from '../command/child-environment.ts';
import { hasFailed } from '../results/judge.ts';
import { secretPatterns } from '../secrets/patterns.ts';
import { searchFiles } from '../secrets/search-files.ts';
import type { StepContext } from '../step/step-context.ts';
import { artifactBase } from './artifact-names.ts';
import type { UploadedArtifact } from './artifact-store.ts';
import { chooseDumps, type DumpFile, dumpText } from './choose-dumps.ts';
import { prepareDumps } from './prepare-dumps.ts';
import { reportFiles } from './report-files.ts';

export interface Published {
  readonly dumps: UploadedArtifact | undefined;
  readonly report: UploadedArtifact | undefined;
  /** What was uploaded, what was not and why; one harmless sentence each. */
  readonly notes: readonly string[];
}

/** Uploads the small report, and the dumps when they are wanted. Never throws: what could not be done is a note and a warning. */
export async function publish(context: StepContext, model: ReadModel, session: string): Promise<Published> {
  const publisher = new Publisher(context, session);
  const { upload, jobStatus } = context.inputs;
  if (upload === 'never') return { dumps: undefined, report: undefined, notes: [] };
  const report = await publisher.report();
  const failed = hasFailed(model) || jobStatus === 'failure' || jobStatus === 'cancelled';
  const dumps = upload === 'always' || failed ? await publisher.dumps(model) : undefined;
  return { dumps, report, notes: publisher.notes };
}

class Publisher {
  readonly notes: string[] = [];
  readonly #context: StepContext;
  readonly #session: string;
  readonly #base: string;
  readonly #patterns: ReturnType<typeof secretPatterns>;

  constructor(context: StepContext, session: string) {
    this.#context = context;
    this.#session = session;
    const { inputs, job } = context;
    const { artifactName: given, matrix, jobIndex, secrets, allowed } = inputs;
    this.#base = artifactBase({ given, job: job.name, matrix, jobIndex, attempt: job.attempt });
    this.#patterns = secretPatterns(childEnvironment(process.env), secrets, allowed);
    for (const { variable, why } of this.#patterns.notSearched)
      this.#warn(`secrets: ${harmless(variable)} was not searched for: ${why}`);
  }

  /** What was collected from artifacts must not be collected again with them when the job is run again. */
  get #kind(): 'merged' | 'report' {
    const { mode, artifacts } = this.#context.inputs;
    return mode === 'report' && artifacts !== '' ? 'merged' : 'report';
  }

  async report(): Promise<UploadedArtifact | undefined> {
    const files = reportFiles(this.#session).map((path) => join(this.#session, path));
    if (files.length === 0) return undefined;
    return await this.#attempt('the report', async () => {
      if (await this.#holdsSecrets('the report', files)) return undefined;
      return await this.#upload(`${this.#base}-${this.#kind}`, files, this.#session, 6);
    });
  }

  async dumps(model: ReadModel): Promise<UploadedArtifact | undefined> {
    const { inputs, job, folder } = this.#context;
    const { chosen, leftOut } = chooseDumps(model, this.#session, inputs.maxUpload);
    this.#tellLeftOut(leftOut);
    if (chosen.length === 0) return undefined;
    return await this.#attempt('the dumps', async () => {
      const paths = chosen.map(({ path }) => join(this.#session, path));
      if (await this.#holdsSecrets('the dumps', paths)) return undefined;
      if (job.isPublic === true && inputs.encryptionKeys.length === 0)
        this.#warn(
          'THIS REPOSITORY IS PUBLIC: everybody who has an account of GitHub can download these dumps, which hold the memory of the tests. Give encryption-key, or upload: never.',
        );
      using prepared = await prepareDumps(chosen, this.#session, inputs.encryptionKeys, join(folder, 'encrypted'));
      return await this.#upload(`${this.#base}-dumps`, prepared.files, prepared.root, 0);
    });
  }

  async #upload(name: string, files: readonly string[], root: string, compressionLevel: number) {
    const { retentionDays } = this.#context.inputs;
    const uploaded = await this.#context.store.upload({ name, files, root, retentionDays, compressionLevel });
    if (typeof uploaded === 'string') {
      this.#warn(harmless(uploaded));
      return undefined;
    }
    info(`firstchance: uploaded ${uploaded.name}${uploaded.url === '' ? '' : `: ${uploaded.url}`}`);
    return uploaded;
  }

  /** True when the files must stay here. */
  async #holdsSecrets(what: string, files: readonly string[]): Promise<boolean> {
    const hits = await searchFiles(files, this.#patterns.patterns);
    for (const { path, variables } of hits) {
      const file = harmless(path.slice(this.#session.length + 1));
      this.#warn(
        `${what}: nothing was uploaded, ${file} holds the value of ${variables.map(harmless).join(', ')}. Start the tests without it (scrub-env: true), or allow it by name (allow-env).`,
      );
    }
    return hits.length > 0;
  }

  #tellLeftOut(files: readonly DumpFile[]): void {
    if (files.length === 0) return;
    const named = files.slice(0, 20).map(dumpText).join('; ');
    const more = files.length > 20 ? ` and ${files.length - 20} more` : '';
    this.#warn(`not uploaded, above max-upload together with those before them: ${named}${more}`);
  }

  /** What cannot be searched or prepared stays here. */
  async #attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const full = errorCode(error) === 'ENOSPC';
      const why = full ? 'the disk is full (ENOSPC)' : errorText(error);
      this.#warn(harmless(`${what} could not be uploaded: ${why}`));
      return undefined;
    }
  }

  #warn(sentence: string): void {
    this.notes.push(sentence);
    warning(sentence, { title: 'firstchance' });
  }
}
