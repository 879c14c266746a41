import { type CancellationToken, CancellationTokenSource } from 'vscode-jsonrpc/node';

/** The signal as the token that JSON-RPC's `$/cancelRequest` goes out for. Disposing lets go of the signal. */
export function cancellation(signal: AbortSignal | undefined): { readonly token: CancellationToken } & Disposable {
  const source = new CancellationTokenSource();
  const cancel = () => source.cancel();
  if (signal?.aborted === true) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  return {
    token: source.token,
    [Symbol.dispose]: () => {
      signal?.removeEventListener('abort', cancel);
      source.dispose();
    },
  };
}
