import { advice, type CaptureRecord, type ManifestRecord, verdictText } from '@firstchance/model';
import { captureLine, checkLines, growthProgressLine, headline, problemLines, type Style } from '@firstchance/report';
import type { CheckedTarget, CheckListener, CheckProgress } from '@firstchance/session';
import type { OutputStream } from '../ports.ts';
import { inLocale } from './characters.ts';
import { peopleStyle } from './print.ts';

export interface CheckReporterOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** With --json the program's own output goes to standard error too. */
  readonly json: boolean;
  readonly stdout: OutputStream;
}

const PROGRESS_MS = 200;
/** A log gets a line now and then: that it goes on. */
const LOG_PROGRESS_MS = 10_000;

/** Tells a person what a growth check does while it does it, and at the end what it found. */
export class CheckReporter implements CheckListener {
  readonly #out: OutputStream;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #style: Style;
  readonly #options: CheckReporterOptions;
  #status = '';
  #last = Number.NEGATIVE_INFINITY;

  constructor(out: OutputStream, environment: NodeJS.ProcessEnv, options: CheckReporterOptions) {
    this.#out = out;
    this.#environment = environment;
    this.#style = peopleStyle(out, environment);
    this.#options = options;
  }

  onRecord(record: ManifestRecord): void {
    if (record.record === 'problem') this.lines(problemLines(record, this.#style));
    else if (record.record === 'capture' && !this.#options.quiet)
      this.line(captureLine(record as CaptureRecord, this.#style));
  }

  onOutput(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    const status = this.#status;
    this.#clear();
    // As it came: a character may end in the next chunk.
    const out = stream === 'stdout' && !this.#options.json ? this.#options.stdout : this.#out;
    out.write(chunk);
    // The program may have left the cursor within a line: only after a whole one is there room for ours.
    if (status !== '' && chunk.at(-1) === NEWLINE) this.#show(status);
  }

  onReady({ pid, name }: { pid: number; name: string }): void {
    if (!this.#options.quiet) this.line(`firstchance checks ${name} (pid ${pid})`);
  }

  onCheckProgress(progress: CheckProgress): void {
    if (this.#options.quiet) return;
    const now = performance.now();
    const { interactive } = this.#style;
    if (now - this.#last < (interactive ? PROGRESS_MS : LOG_PROGRESS_MS)) return;
    this.#last = now;
    const line = inLocale(growthProgressLine(progress, this.#style), this.#environment);
    if (interactive) this.#show(line);
    else this.line(line);
  }

  onLog(level: string, text: string): void {
    if (this.#options.verbose) this.line(`${level}: ${text}`);
  }

  /** The verdict with all that belongs to it, where the evidence lies, and the last line: the exit code and why. */
  end({ finished, end }: CheckedTarget, sessionFolder: string, report?: string): void {
    const { paint } = this.#style;
    const { check } = finished;
    const lines = checkLines(check, this.#style);
    lines.push(paint.dim(`evidence: ${sessionFolder}/checks/${finished.id}.json`));
    if (report) lines.push(paint.dim(`report: ${report}`));
    if (!this.#options.quiet) this.lines(['', ...lines]);
    const colour = end.exitCode === 0 ? paint.green : paint.red;
    // Why something fails is the last that is read; that nothing does stands a few lines above.
    const told = !this.#options.quiet && check.verdict === 'PASS';
    const why = told ? verdictText(check.verdict) : advice(headline(check), this.#style.reader);
    this.line(colour(`exit code ${end.exitCode}: ${why}`));
  }

  line(text: string): void {
    this.#clear();
    this.#out.write(`${inLocale(text, this.#environment)}\n`);
  }

  lines(texts: readonly string[]): void {
    for (const text of texts) this.line(text);
  }

  #show(status: string): void {
    this.#out.write(`\r\u001b[2K${status}`);
    this.#status = status;
  }

  #clear(): void {
    if (this.#status !== '') this.#out.write('\r\u001b[2K');
    this.#status = '';
  }
}

const NEWLINE = 10;
