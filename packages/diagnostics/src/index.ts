export { DiagnosticsClient } from './client/client.ts';
export type {
  AttachProfilerRequest,
  DumpProgress,
  PerfMapKind,
  ProcessInfo,
  RuntimeDumpKind,
  StartupProfilerRequest,
  WriteDumpRequest,
  WrittenDump,
} from './client/types.ts';
export { type DotnetProcess, findProcesses } from './discovery/find-processes.ts';
export {
  DiagnosticsError,
  type DiagnosticsErrorCode,
  type DiagnosticsFailure,
} from './error/diagnostics-error.ts';
export { hresultName } from './error/hresult.ts';
export { type InducedCollections, induceGarbageCollection } from './eventpipe/induce-collection.ts';
export { EventPipeSession } from './eventpipe/session.ts';
export type { EventLevel, EventPipeRequest, EventProvider } from './eventpipe/types.ts';
export { decodeFields } from './nettrace/fields.ts';
export { decodeGcEvent, GC_COLLECT_KEYWORD, GC_KEYWORD, type GcEvent } from './nettrace/gc-events.ts';
export { NettraceReader } from './nettrace/nettrace-reader.ts';
export {
  decodeExceptionThrown,
  EXCEPTION_KEYWORD,
  type ExceptionThrown,
  RUNTIME_PROVIDER,
} from './nettrace/runtime-events.ts';
export type { EventType, FieldType, FieldValue, TraceEvent, TraceGap, TraceInfo } from './nettrace/types.ts';
export { type AdvertisedRuntime, DiagnosticPort } from './port/diagnostic-port.ts';
export type { CallOptions } from './transport/options.ts';
