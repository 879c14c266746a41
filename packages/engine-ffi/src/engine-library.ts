import path from 'node:path';
import {
  ANSWERS,
  type CallOptions,
  type CaptureResult,
  type Census,
  type CensusRequest,
  type DumpFacts,
  type Engine,
  EngineError,
  type EngineHello,
  type GraphOptions,
  type HeapGraphResult,
  type InspectOptions,
  isWireError,
  type ProcessFacts,
  type TakeRequest,
  understand,
} from '@firstchance/engine';
import koffi from 'koffi';
import { type ForeignFunction, type Library, openLibrary } from './library.ts';

const OK = 0;
type Schema<T> = Parameters<typeof understand<T>>[1];

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
    return new EngineLibrary(library, await call(library, 'fc_hello', ANSWERS.hello, library.hello, []));
  }

  inspectProcess(pid: number): Promise<ProcessFacts> {
    const { processFacts } = ANSWERS;
    return this.#run((library) => call(library, 'fc_process_inspect', processFacts, library.processInspect, [pid]));
  }

  take(request: TakeRequest, options: CallOptions = {}): Promise<CaptureResult> {
    return this.#withProgress('captureTake', ANSWERS.captureResult, request, options);
  }

  inspectDump(file: string, options: InspectOptions = {}): Promise<DumpFacts> {
    const { stacks = true, topTypes = true } = options;
    const request = JSON.stringify({ file: path.resolve(file), stacks, topTypes });
    return this.#run((library) =>
      withCancel(library, options.signal, (cancel) =>
        call(library, 'fc_dump_inspect', ANSWERS.dumpFacts, library.dumpInspect, [request, cancel]),
      ),
    );
  }

  async unpackDump(file: string, output: string, options: CallOptions = {}): Promise<number> {
    const request = { file: path.resolve(file), output: path.resolve(output) };
    return (await this.#withProgress('dumpUnpack', ANSWERS.unpacked, request, options)).bytes;
  }

  census(request: CensusRequest, options: CallOptions = {}): Promise<Census> {
    return this.#withProgress('censusTake', ANSWERS.census, request, options);
  }

  heapGraph(file: string, output: string, options: CallOptions & GraphOptions = {}): Promise<HeapGraphResult> {
    const { dominators = true } = options;
    const request = { file: path.resolve(file), output: path.resolve(output), dominators };
    return this.#withProgress('heapGraph', ANSWERS.heapGraph, request, options);
  }

  /** Waits for the calls under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  #withProgress<T>(
    method: 'captureTake' | 'dumpUnpack' | 'censusTake' | 'heapGraph',
    schema: Schema<T>,
    request: object,
    options: CallOptions,
  ): Promise<T> {
    return this.#run((library) =>
      withCancel(library, options.signal, async (cancel) => {
        using callback = progressCallback(library, options.onProgress);
        const args = [JSON.stringify(request), callback.pointer, null, cancel];
        return await call(library, method, schema, library[method], args);
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

/** The progress listener as a C function, for as long as a call runs. */
function progressCallback(
  library: Library,
  onProgress: CallOptions['onProgress'],
): { readonly pointer: unknown } & Disposable {
  if (onProgress === undefined) return { pointer: null, [Symbol.dispose]: () => {} };
  const pointer = koffi.register((json: string) => {
    const progress = ANSWERS.progress.safeParse(JSON.parse(json));
    if (progress.success) onProgress(progress.data);
  }, library.progressType);
  return { pointer, [Symbol.dispose]: () => koffi.unregister(pointer) };
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
function call<T>(
  library: Library,
  method: string,
  schema: Schema<T>,
  fn: ForeignFunction,
  args: unknown[],
): Promise<T> {
  return new Promise((resolve, reject) => {
    const out: unknown[] = [null];
    fn.async(...args, out, (failure: Error | null, status: number) => {
      // Nothing may be thrown from here: it would end the process.
      try {
        if (failure !== null) throw failure;
        resolve(understand(method, schema, outcome(takeText(library, out[0]), status)));
      } catch (error) {
        reject(error);
      }
    });
  });
}

function takeText(library: Library, pointer: unknown): string {
  if (pointer === null) throw failed('it had no memory for its answer');
  try {
    return koffi.decode(pointer, 'char', -1) as string;
  } finally {
    library.free(pointer);
  }
}

function outcome(text: string, status: number): unknown {
  const json: unknown = JSON.parse(text);
  if (status === OK) return json;
  throw isWireError(json) ? new EngineError(json) : failed(text);
}

function failed(why: string): EngineError {
  return new EngineError({ code: 'internal', what: 'Calling the engine library', why });
}
