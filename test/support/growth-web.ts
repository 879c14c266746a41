import { expect } from 'vitest';
import { fixture, Running } from './firstchance.ts';
import { freePort } from './free-port.ts';

/** The shop with leaks of many kinds, a process of its own that answers at `url`. Disposed, it is asked to end, and has. */
export class GrowthWeb implements AsyncDisposable {
  readonly url: string;
  readonly #running: Running;

  private constructor(url: string, running: Running) {
    this.url = url;
    this.#running = running;
  }

  static async start(env: NodeJS.ProcessEnv, more: readonly string[] = []): Promise<GrowthWeb> {
    const url = `http://127.0.0.1:${await freePort()}`;
    const web = new GrowthWeb(url, new Running('dotnet', [fixture('growth-web'), '--urls', url, ...more], { env }));
    try {
      await expect.poll(() => web.#health(), { timeout: 60_000 }).toBe(200);
      return web;
    } catch (error) {
      await web[Symbol.asyncDispose]();
      throw error;
    }
  }

  get pid(): number {
    return this.#running.child.pid ?? 0;
  }

  get exitCode(): number | null {
    return this.#running.child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#running.child.kill('SIGTERM');
    await this.#running.end();
  }

  async #health(): Promise<number> {
    return await fetch(`${this.url}/health`).then(
      ({ status }) => status,
      () => 0,
    );
  }
}
