import type { JoinedPart } from '../read-model/join-part.ts';
import { badness } from '../read-model/order.ts';
import { type Case, checkCase, runCase, testCase } from './cases.ts';
import type { Spool } from './spool.ts';
import { Totals } from './totals.ts';
import { caseXml, documentXml, suiteXml } from './xml.ts';

/** What of a part stands in the document. */
export type JunitPart = Pick<JoinedPart, 'checks' | 'tests' | 'captures' | 'runs'>;

/** Cases are kept in pieces of about this many characters. */
const PIECE = 64 * 1024;
const WORST = badness('INFRASTRUCTURE_ERROR');

/** Cases of one suite, in order. */
class Suite<Place> {
  readonly name: string;
  readonly totals = new Totals();
  /** What comes first has the lowest rank. */
  readonly places: Place[][] = [];

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * JUnit XML as CI servers read it, of any number of parts: growth checks, worst first, the tests that are known, and the commands
 * as test cases of their own. Only the places of the cases are in memory.
 */
export class Junit<Place> {
  readonly #spool: Spool<Place>;
  readonly #checks = new Suite<Place>('firstchance growth checks');
  readonly #tests = new Suite<Place>('firstchance tests');
  readonly #runs = new Suite<Place>('firstchance runs');

  constructor(spool: Spool<Place>) {
    this.#spool = spool;
  }

  /** @throws what the spool throws */
  add({ checks, tests, captures, runs }: JunitPart): void {
    for (let rank = 0; rank <= WORST; rank += 1) {
      const those = checks.filter(({ record }) => WORST - badness(record.verdict) === rank);
      this.#put(this.#checks, rank, those, checkCase);
    }
    const byId = new Map(captures.map((entry) => [`${entry.record.session}/${entry.record.id}`, entry]));
    this.#put(this.#tests, 0, tests, (entry) =>
      testCase(
        entry,
        entry.captureIds.flatMap((id) => byId.get(`${entry.record.session}/${id}`) ?? []),
      ),
    );
    this.#put(this.#runs, 0, runs, runCase);
  }

  /** The whole document, piece by piece. @throws what the spool throws */
  *document(): Generator<string> {
    const suites = [this.#checks, this.#tests, this.#runs].filter(({ totals }) => totals.tests > 0);
    const all = new Totals();
    for (const { totals } of suites) all.add(totals);
    const [begin, end] = documentXml('firstchance', all, suites.length === 0);
    yield begin;
    for (const { name, totals, places } of suites) {
      const [head, foot] = suiteXml(name, totals);
      yield head;
      for (const place of places.flat()) yield this.#spool.read(place);
      yield foot;
    }
    yield end;
  }

  #put<Entry>(suite: Suite<Place>, rank: number, entries: readonly Entry[], toCase: (entry: Entry) => Case): void {
    let text = '';
    const flush = () => {
      if (text === '') return;
      suite.places[rank] ??= [];
      suite.places[rank].push(this.#spool.append(text));
      text = '';
    };
    for (const entry of entries) {
      const one = toCase(entry);
      suite.totals.count(one);
      text += caseXml(one);
      if (text.length >= PIECE) flush();
    }
    flush();
  }
}
