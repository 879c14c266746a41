/** A runner's own number of its worker, from 1, as `TestInfo` has it, from 0; nothing where there is none. */
export function workerNumber(text: string | undefined): { readonly worker?: number } {
  const worker = Number(text) - 1;
  return Number.isInteger(worker) && worker >= 0 ? { worker } : {};
}
