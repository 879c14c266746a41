import type {
  CaptureDetail,
  CaptureRecord,
  CensusRecord,
  CheckRecord,
  ManifestRecord,
  ResultRecord,
  SkippedRecord,
} from '@firstchance/model';
import {
  captureLine,
  exceptionLine,
  ledgerLines,
  problemLines,
  progressLine,
  type Style,
  stackLines,
  summary,
} from '@firstchance/report';
import type { CaptureProgress, SessionEnd, SessionListener } from '@firstchance/session';
import type { OutputStream } from '../ports.ts';
import { inLocale } from './characters.ts';
import { peopleStyle } from './print.ts';

export interface RunReporterOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Records go here, one JSON line each. */
  readonly json: OutputStream | undefined;
}

const PROGRESS_MS = 200;
/**
 * Nobody waits for less, and the command writes to the same terminal: what it writes lands behind a line of ours that has no end
 * yet, and goes when that line is taken away.
 */
const WORTH_TELLING_MS = 1_000;

/** Tells a person what a session does while it does it: one line per capture, problems at once, a table at the end. */
export class RunReporter implements SessionListener {
  readonly #out: OutputStream;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #style: Style;
  readonly #options: RunReporterOptions;
  /** By id: the last record of one wins. */
  readonly #captures = new Map<string, CaptureRecord>();
  readonly #results: ResultRecord[] = [];
  readonly #skipped: SkippedRecord[] = [];
  readonly #checks: CheckRecord[] = [];
  readonly #ledger: CensusRecord[] = [];
  #ranDotnet = false;
  #statusShown = false;
  #lastStatus = 0;
  /** When the dump of a capture began to be written. */
  readonly #began = new Map<string, number>();
  readonly #now: () => number;

  constructor(
    out: OutputStream,
    environment: NodeJS.ProcessEnv,
    options: RunReporterOptions,
    now = () => performance.now(),
  ) {
    this.#out = out;
    this.#environment = environment;
    this.#now = now;
    this.#style = peopleStyle(out, environment);
    this.#options = options;
  }

  onRecord(record: ManifestRecord): void {
    this.#options.json?.write(`${JSON.stringify(record)}\n`);
    if (record.record === 'capture') {
      const told = this.#captures.has(record.id);
      this.#captures.set(record.id, record);
      if (!this.#options.quiet && !told) this.line(captureLine(record, this.#style));
    } else if (record.record === 'problem') this.lines(problemLines(record, this.#style));
    else if (record.record === 'result') this.#results.push(record);
    else if (record.record === 'skipped') this.#skipped.push(record);
    else if (record.record === 'check') this.#checks.push(record);
    else if (record.record === 'census') this.#ledger.push(record);
    else if (record.record === 'target') this.#ranDotnet = true;
  }

  onProgress(captureId: string, progress: CaptureProgress): void {
    if (!this.#style.interactive || this.#options.quiet || progress.phase !== 'write') return;
    const now = this.#now();
    const began = this.#began.get(captureId) ?? now;
    this.#began.set(captureId, began);
    if (now - began < WORTH_TELLING_MS || now - this.#lastStatus < PROGRESS_MS) return;
    this.#lastStatus = now;
    this.#out.write(`\r\u001b[2K${inLocale(progressLine(captureId, progress, this.#style), this.#environment)}`);
    this.#statusShown = true;
  }

  onStacks(detail: CaptureDetail): void {
    this.lines(stackLines(detail, this.#style));
  }

  onException(event: Parameters<NonNullable<SessionListener['onException']>>[0]): void {
    this.line(exceptionLine(event, this.#style));
  }

  onLog(level: string, text: string): void {
    if (this.#options.verbose) this.line(`${level}: ${text}`);
  }

  onInterrupt(event: 'passed-on' | 'still-alive' | 'killed' | 'finishing', signal: NodeJS.Signals): void {
    if (event === 'still-alive') this.line('the command still runs; Ctrl-C once more kills it');
    else if (event === 'killed') this.line('killed the command');
    else if (event === 'finishing') this.line(`${signal}: finishing the captures under way; once more cancels them`);
  }

  /** The table, where everything lies, and the last line: the exit code and why. */
  end(end: SessionEnd, sessionFolder: string, report?: string): void {
    const lines = summary(
      {
        captures: [...this.#captures.values()],
        results: this.#results,
        skipped: this.#skipped,
        checks: this.#checks,
        end: end.record,
        ranDotnet: this.#ranDotnet,
        sessionFolder,
        reason: end.reason,
        ...(report === undefined ? {} : { report }),
      },
      this.#style,
    );
    if (!this.#options.quiet) this.lines(ledgerLines(this.#ledger, this.#style));
    this.lines(this.#options.quiet ? lines.slice(-1) : lines);
  }

  line(text: string): void {
    this.#out.write(`${this.#statusShown ? '\r\u001b[2K' : ''}${inLocale(text, this.#environment)}\n`);
    this.#statusShown = false;
  }

  lines(texts: readonly string[]): void {
    for (const text of texts) this.line(text);
  }
}
