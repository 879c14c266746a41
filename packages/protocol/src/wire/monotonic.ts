/** As it was when this was loaded: tests replace it (fake timers), and a client lives in their process. */
const { bigint } = process.hrtime;

/** The machine's monotonic clock, the same for all its processes, in ms. */
export function monotonicMs(): number {
  return Number(bigint()) / 1e6;
}
