import path from 'node:path';
import { EngineError, engineFolder } from '@firstchance/engine';
import koffi from 'koffi';

/** What fc_abi_version() must say (firstchance.h). */
const ABI_VERSION = 1;

/** A function of the library; `async` runs it on a thread of libuv's. */
export interface ForeignFunction {
  (...args: unknown[]): unknown;
  async(...args: unknown[]): void;
}

/** The functions of firstchance.h as koffi calls them; the blocking ones run on a thread of libuv's. */
export interface Library {
  readonly progressType: ReturnType<typeof koffi.pointer>;
  cancelNew(): unknown;
  cancelRequest(cancel: unknown): void;
  cancelFree(cancel: unknown): void;
  free(text: unknown): void;
  readonly hello: ForeignFunction;
  readonly processInspect: ForeignFunction;
  readonly captureTake: ForeignFunction;
  readonly dumpInspect: ForeignFunction;
  readonly dumpUnpack: ForeignFunction;
  readonly censusTake: ForeignFunction;
  readonly heapGraph: ForeignFunction;
}

/** @throws EngineError when the library is missing or of another version */
export function openLibrary(file: string = path.join(engineFolder(), 'libfirstchance.so')): Library {
  const what = `Loading ${file}`;
  let library: ReturnType<typeof koffi.load>;
  try {
    library = koffi.load(file);
  } catch (cause) {
    throw new EngineError({ code: 'engine-missing', what, why: (cause as Error).message }, { cause });
  }
  const version = abiVersion(library, what);
  if (version !== ABI_VERSION) {
    const why = `its interface has version ${version}, wanted is ${ABI_VERSION}`;
    throw new EngineError({ code: 'unsupported', what, why, cure: 'Install packages of one version.' });
  }
  const progress = koffi.pointer(koffi.proto('void fc_progress_fn(const char *json, void *context)'));
  const text = koffi.out(koffi.pointer('void', 2));
  return {
    progressType: progress,
    cancelNew: library.func('fc_cancel_new', 'void *', []),
    cancelRequest: library.func('fc_cancel_request', 'void', ['void *']),
    cancelFree: library.func('fc_cancel_free', 'void', ['void *']),
    free: library.func('fc_free', 'void', ['void *']),
    hello: library.func('fc_hello', 'int', [text]),
    processInspect: library.func('fc_process_inspect', 'int', ['int32_t', text]),
    captureTake: library.func('fc_capture_take', 'int', ['str', progress, 'void *', 'void *', text]),
    dumpInspect: library.func('fc_dump_inspect', 'int', ['str', 'void *', text]),
    dumpUnpack: library.func('fc_dump_unpack', 'int', ['str', progress, 'void *', 'void *', text]),
    censusTake: library.func('fc_census_take', 'int', ['str', progress, 'void *', 'void *', text]),
    heapGraph: library.func('fc_heap_graph', 'int', ['str', progress, 'void *', 'void *', text]),
  };
}

/** @throws EngineError when it is not our library at all */
function abiVersion(library: ReturnType<typeof koffi.load>, what: string): number {
  try {
    return library.func('uint32_t fc_abi_version()')() as number;
  } catch (cause) {
    throw new EngineError({ code: 'unsupported', what, why: (cause as Error).message }, { cause });
  }
}
