import path from 'node:path';
import type { CallOptions, CaptureProgress, CaptureResult, DumpFacts, Engine } from '@firstchance/engine';
import { EngineError, type EngineHello, isWireError, type ProcessFacts, type TakeRequest } from '@firstchance/engine';
import koffi from 'koffi';
import { type ForeignFunction, type Library, openLibrary } from './library.ts';

const OK = 0;

/**
 * The engine through its C interface, in this process: no helper process until a capture is taken. Serves no agents; for
 * those an engine must live for the whole session ({@link EngineProcess}).
 */
export class EngineLibrary implements Engine {
  readonly hello: EngineHello;
  readonly #library: Library;
  readonly #running = new Set<Promise<unknown>>();

  private constructor(library: Library, hello: EngineHello) {
    this.#library = library;
    this.hello = hello;
  }

  /** @throws EngineError when the library is missing or of another version */
  static async open(file?: string): Promise<EngineLibrary> {
    const library = openLibrary(file);
    return new EngineLibrary(library, await call<EngineHello>(library, library.hello, []));
  }

  inspectProcess(pid: number): Promise<ProcessFacts> {
    return this.#run((library) => call(library, library.processInspect, [pid]));
  }

  take(request: TakeRequest, options: CallOptions = {}): Promise<CaptureResult> {
    return this.#withProgress((library) => library.captureTake, request, options);
  }

  inspectDump(file: string, options: CallOptions & { stacks?: boolean; topTypes?: boolean } = {}): Promise<DumpFacts> {
    const { stacks = true, topTypes = true } = options;
    const request = JSON.stringify({ file: path.resolve(file), stacks, topTypes });
    return this.#run((library) =>
      withCancel(library, options.signal, (cancel) => call(library, library.dumpInspect, [request, cancel])),
    );
  }

  async unpackDump(file: string, output: string, options: CallOptions = {}): Promise<number> {
    const request = { file: path.resolve(file), output: path.resolve(output) };
    return (await this.#withProgress<{ bytes: number }>((library) => library.dumpUnpack, request, options)).bytes;
  }

  /** Waits for the calls under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  #withProgress<T>(pick: (library: Library) => ForeignFunction, request: object, options: CallOptions): Promise<T> {
    return this.#run((library) =>
      withCancel(library, options.signal, async (cancel) => {
        const { onProgress } = options;
        const report = (json: string) => onProgress?.(JSON.parse(json) as CaptureProgress);
        const callback = onProgress === undefined ? null : koffi.register(report, library.progressType);
        try {
          return await call<T>(library, pick(library), [JSON.stringify(request), callback, null, cancel]);
        } finally {
          if (callback !== null) {
            koffi.unregister(callback);
          }
        }
      }),
    );
  }

  #run<T>(work: (library: Library) => Promise<T>): Promise<T> {
    const running = work(this.#library);
    this.#running.add(running);
    running.catch(() => undefined).finally(() => this.#running.delete(running));
    return running;
  }
}

async function withCancel<T>(
  library: Library,
  signal: AbortSignal | undefined,
  work: (cancel: unknown) => Promise<T>,
): Promise<T> {
  const cancel = library.cancelNew();
  const request = () => library.cancelRequest(cancel);
  if (signal?.aborted === true) {
    request();
  }
  signal?.addEventListener('abort', request, { once: true });
  try {
    return await work(cancel);
  } finally {
    signal?.removeEventListener('abort', request);
    library.cancelFree(cancel);
  }
}

/** Calls a function whose last parameter takes the result, on a thread of libuv's. */
function call<T>(library: Library, fn: ForeignFunction, args: unknown[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const out: unknown[] = [null];
    fn.async(...args, out, (failure: Error | null, status: number) => {
      if (failure !== null) {
        reject(failure);
        return;
      }
      const json: unknown = JSON.parse(koffi.decode(out[0], 'char', -1) as string);
      library.free(out[0]);
      if (status === OK) {
        resolve(json as T);
      } else {
        const unknownError = { code: 'internal' as const, what: 'Calling the engine library', why: String(json) };
        reject(new EngineError(isWireError(json) ? json : unknownError));
      }
    });
  });
}
