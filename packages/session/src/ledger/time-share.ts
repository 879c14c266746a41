/** Holds readings to a share of the time that passes. Times in ms of any one clock. */
export class TimeShare {
  readonly #share: number;
  readonly #began: number;
  #spent = 0;
  #last = 0;

  /** @param share 0.1: a tenth of the time since `began` may be spent */
  constructor(share: number, began: number) {
    this.#share = share;
    this.#began = began;
  }

  /** True when another reading, as long as the last one, would still be within the share. The first two always are. */
  affords(now: number): boolean {
    if (this.#spent <= this.#last) return true;
    return this.#spent + this.#last <= this.#share * (now - this.#began);
  }

  spent(ms: number): void {
    this.#spent += ms;
    this.#last = ms;
  }
}
