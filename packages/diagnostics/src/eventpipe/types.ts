import type { CallOptions } from '../transport/options.ts';

/** 1 critical, 2 error, 3 warning, 4 informational, 5 verbose; 0 means "always" events only. */
export type EventLevel = 0 | 1 | 2 | 3 | 4 | 5;

export interface EventProvider {
  /** "Microsoft-Windows-DotNETRuntime", or the name of an EventSource. */
  readonly name: string;
  /** Bit set; default all. */
  readonly keywords?: bigint;
  /** Default 5. */
  readonly level?: EventLevel;
  /** "key=value;key2=value2" (what EventSource.OnEventCommand gets). */
  readonly arguments?: string;
  /** .NET 10 and later: only these ids, or all but these. Earlier runtimes refuse the session with `unknown-command`. */
  readonly eventIds?: { readonly only: readonly number[] } | { readonly except: readonly number[] };
}

export interface EventPipeRequest extends CallOptions {
  readonly providers: readonly EventProvider[];
  /** Buffer inside the target, MB; default 64. When it is full, events are dropped (and counted as gaps). */
  readonly bufferMB?: number;
  /** Methods and modules at the end, which name the addresses of stacks; default false. */
  readonly rundown?: boolean;
  /** Stacks with every event; default true. Runtimes before .NET 9 take stacks whatever is asked. */
  readonly stacks?: boolean;
}
