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
export {
  DiagnosticsError,
  type DiagnosticsErrorCode,
  type DiagnosticsFailure,
} from './error/diagnostics-error.ts';
export { hresultName } from './error/hresult.ts';
export type { EventLevel, EventPipeRequest, EventProvider } from './eventpipe/types.ts';
export type { EventType, FieldType, FieldValue, TraceEvent, TraceGap, TraceInfo } from './nettrace/types.ts';
export type { CallOptions } from './transport/options.ts';
