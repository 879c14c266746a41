/** Every call can be cancelled and is bounded in time. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds until the call fails with `timeout`; the default stands at each call. */
  readonly timeoutMs?: number;
}
