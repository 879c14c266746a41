import { bytesLeft, type CensusRecord, type ManifestRecord } from '@firstchance/model';

/** Beyond so many only what left most is kept: a session may have tens of thousands of tests. */
const MOST = 200;

/** What the ledger told so far, for the lines at the end. */
export class KeptLedger {
  #records: CensusRecord[] = [];
  readonly #titles = new Map<string, string>();

  add(record: ManifestRecord): void {
    if (record.record === 'test') this.#titles.set(record.id, record.title.join(' > '));
    if (record.record !== 'census') return;
    this.#records.push(record);
    if (this.#records.length < 2 * MOST) return;
    this.#records = this.#records.toSorted((a, b) => bytesLeft(b) - bytesLeft(a)).slice(0, MOST);
  }

  get records(): readonly CensusRecord[] {
    return this.#records;
  }

  titleOf(testId: string): string {
    return this.#titles.get(testId) ?? testId;
  }
}
