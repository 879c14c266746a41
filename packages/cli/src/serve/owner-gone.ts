const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Aborted when whoever started us is gone: our standard input is a pipe that only they hold, and the kernel closes it however
 * they end. A signal means the same.
 * @param input undefined: nobody holds it, only a signal ends the server
 */
export function ownerGone(input: NodeJS.ReadStream | undefined): Disposable & { readonly signal: AbortSignal } {
  const gone = new AbortController();
  const abort = () => gone.abort();
  for (const name of SIGNALS) process.on(name, abort);
  for (const event of ['end', 'close', 'error']) input?.once(event, abort);
  input?.resume();
  return {
    signal: gone.signal,
    [Symbol.dispose]: () => {
      for (const name of SIGNALS) process.off(name, abort);
      input?.destroy();
    },
  };
}
