import { errorText } from '@firstchance/model';
import type { Job } from '../job/job.ts';

/**
 * The baseline file in the cache of GitHub Actions. Entries cannot be changed: each run that writes one makes its own, and the
 * newest is read. A branch reads what its base branch wrote.
 */
export class BaselineCache {
  readonly #prefix: string;
  readonly #key: string;
  readonly #path: string;

  /** @param path the baseline file, absolute: the cache gives a file back only to the path it came from */
  constructor(name: string, path: string, job: Job) {
    this.#prefix = `firstchance-baseline-${name.replace(/[^A-Za-z0-9_.-]+/g, '-')}-`;
    this.#key = `${this.#prefix}${process.env.GITHUB_RUN_ID ?? '0'}-${job.attempt}-${job.step.replace(/[^A-Za-z0-9_.-]+/g, '-')}`;
    this.#path = path;
  }

  /** One sentence about what was found, or why nothing could be. */
  async restore(): Promise<string> {
    const { isFeatureAvailable, restoreCache } = await import('@actions/cache');
    if (!isFeatureAvailable()) return 'the baseline was not looked for: there is no cache service here';
    try {
      const key = await restoreCache([this.#path], this.#key, [this.#prefix]);
      return key === undefined ? 'there is no baseline in the cache yet' : `baseline from the cache: ${key}`;
    } catch (error) {
      return `the baseline could not be read from the cache: ${errorText(error)}`;
    }
  }

  /** One sentence. */
  async save(): Promise<string> {
    const { isFeatureAvailable, saveCache } = await import('@actions/cache');
    if (!isFeatureAvailable()) return 'the baseline was not kept: there is no cache service here';
    try {
      const id = await saveCache([this.#path], this.#key);
      return id < 0
        ? 'the baseline was not kept in the cache; the line above says why'
        : `baseline kept in the cache: ${this.#key}`;
    } catch (error) {
      return `the baseline could not be kept in the cache: ${errorText(error)}`;
    }
  }
}
