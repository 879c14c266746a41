import { locateProcess, ProcessEndpoint, SocketEndpoint } from '../discovery/process-endpoint.ts';
import { EventPipeSession } from '../eventpipe/session.ts';
import type { EventPipeRequest } from '../eventpipe/types.ts';
import type { Endpoint } from '../transport/endpoint.ts';
import type { CallOptions } from '../transport/options.ts';
import { requestEnvironment } from './environment.ts';
import { requestProcessInfo } from './process-info.ts';
import { requestAttachProfiler, requestStartupProfiler } from './profiler.ts';
import * as startup from './startup.ts';
import type {
  AttachProfilerRequest,
  PerfMapKind,
  ProcessInfo,
  StartupProfilerRequest,
  WriteDumpRequest,
  WrittenDump,
} from './types.ts';
import { requestDump } from './write-dump.ts';

/**
 * Asks one .NET runtime (8 to 10; older ones as far as they go) through the diagnostics IPC protocol.
 *
 * It holds no connection: each call opens one, as the protocol wants it, and closes it. Calls may run at the same time,
 * but a runtime answers them one after another: behind a dump everything waits. Every call throws DiagnosticsError, takes
 * an AbortSignal and is bounded in time (10 s unless said otherwise).
 */
export class DiagnosticsClient {
  readonly #endpoint: Endpoint;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /**
   * Finds the socket of a process by pid and start time, in the target's own TMPDIR, pid namespace and container.
   * @throws DiagnosticsError `process-not-found` | `not-dotnet` | `diagnostics-disabled` | `socket-missing` | `permission-denied`
   */
  static async forProcess(pid: number): Promise<DiagnosticsClient> {
    return new DiagnosticsClient(new ProcessEndpoint(locateProcess(pid)));
  }

  /** For a socket found by other means (dotnet-dsrouter, macOS). */
  static forSocket(path: string): DiagnosticsClient {
    return new DiagnosticsClient(new SocketEndpoint(path));
  }

  processInfo(options: CallOptions = {}): Promise<ProcessInfo> {
    return requestProcessInfo(this.#endpoint, options);
  }

  /** The environment as it is now, changes by the program included. */
  environment(options: CallOptions = {}): Promise<Map<string, string>> {
    return requestEnvironment(this.#endpoint, options);
  }

  /** Loads a profiler into the running process; 30 s unless said otherwise. */
  async attachProfiler(request: AttachProfilerRequest): Promise<void> {
    await requestAttachProfiler(this.#endpoint, request);
  }

  /**
   * Names the profiler to start with. Only while the runtime is suspended at its start; after that `not-available-now`.
   * A runtime that was never suspended answers success and ignores it (measured, .NET 10).
   */
  async startupProfiler(request: StartupProfilerRequest): Promise<void> {
    await requestStartupProfiler(this.#endpoint, request);
  }

  /** Lets a runtime that is suspended at its start run on; does nothing to any other. */
  resume(options: CallOptions = {}): Promise<void> {
    return startup.requestResume(this.#endpoint, options);
  }

  /** Sets or (null) removes a variable in the running process, as its own native code sees it. */
  setEnvironmentVariable(name: string, value: string | null, options: CallOptions = {}): Promise<void> {
    return startup.requestSetEnvironmentVariable(this.#endpoint, name, value, options);
  }

  enablePerfMap(kind: PerfMapKind, options: CallOptions = {}): Promise<void> {
    return startup.requestEnablePerfMap(this.#endpoint, kind, options);
  }

  disablePerfMap(options: CallOptions = {}): Promise<void> {
    return startup.requestDisablePerfMap(this.#endpoint, options);
  }

  /**
   * Loads an assembly with a StartupHook class: before Main when suspended, at once when running. Absolute path.
   * A hook that throws, or whose assembly cannot be loaded, is an unhandled exception and ends the program.
   */
  applyStartupHook(path: string, options: CallOptions = {}): Promise<void> {
    return startup.requestApplyStartupHook(this.#endpoint, path, options);
  }

  /** Has the runtime write a dump of itself; 10 minutes unless said otherwise. createdump's own words are in the error. */
  writeDump(request: WriteDumpRequest): Promise<WrittenDump> {
    return requestDump(this.#endpoint, request);
  }

  /** Starts an event session. Dispose it (`await using`) or read it to its end. */
  startEventPipe(request: EventPipeRequest): Promise<EventPipeSession> {
    return EventPipeSession.start(this.#endpoint, request);
  }
}
