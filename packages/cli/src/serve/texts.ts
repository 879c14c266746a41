import { basename } from 'node:path';
import { type CaptureDetail, ELSEWHERE, IN_PROJECT, type Reader, verdictText } from '@firstchance/model';
import type { Texts } from '@firstchance/protocol/server';
import {
  captureLine,
  captureTitle,
  checkLines,
  fitEnd,
  harmless,
  ledgerLines,
  ownFrame,
  plainStyle,
  problemLines,
  shellWord,
  showCapture,
  stackLines,
} from '@firstchance/report';
import { inLocale } from '../terminal/characters.ts';

/** Runners print our texts where they like: without colours, as wide as a log. */
const COLUMNS = 160;
/** They indent messages of failed tests. */
const MESSAGE_COLUMNS = 110;
const TITLE_COLUMNS = 160;

/** What FirstChance.Testing says of itself; all others set options in JavaScript. */
const DOTNET = 'dotnet test';

/** @param sessionFolder as a person would type it */
export function serverTexts(sessionFolder: string, environment: NodeJS.ProcessEnv): Texts {
  const reader = (runner: string): Reader => ({
    command: IN_PROJECT,
    options: runner === DOTNET ? 'dotnet' : 'javascript',
  });
  // Problems are of the session, whose options stand in the configuration file as on the command line.
  const style = plainStyle(COLUMNS, false, ELSEWHERE);
  const said = (lines: readonly string[]) => inLocale(lines.join('\n'), environment);
  return {
    capture: (record) => said([captureLine(record, style)]),
    problem: (record) => said(problemLines(record, style)),
    stacks: (detail) => said(stackLines(detail, style)),
    check: (check, runner) => said(checkLines(check, plainStyle(MESSAGE_COLUMNS, false, reader(runner)))),
    report: (detail) => said([firstLine(detail), '', ...showCapture(detail, style, { sessionFolder })]),
    end: ({ record, exitCode, reason }, targets, ledger) => {
      const { captures, problems, verdict } = record;
      const lines = [
        ...ledgerLines(ledger.records, style, (testId) => ledger.titleOf(testId)),
        ...(captures > 0
          ? [
              `firstchance: ${many(captures, 'capture')} in ${sessionFolder}, show them with: ${IN_PROJECT} show ${shellWord(sessionFolder)}`,
            ]
          : []),
        ...(problems > 0 ? [`firstchance: ${many(problems, 'problem')}, see ${sessionFolder}/manifest.jsonl`] : []),
        ...(targets === 0 && exitCode === 0 ? [NOTHING_STARTED] : []),
        ...(exitCode === 0 ? [] : [`firstchance: ${verdict === null ? '' : `${verdictText(verdict)}: `}${reason}`]),
      ];
      return said(lines);
    },
  };
}

/** A server that ran before, and is used again (Playwright's reuseExistingServer), has no agent in it. */
const NOTHING_STARTED =
  'firstchance: these tests started no .NET program, so there was nothing to watch; one that ran before them is watched after attach(pid)';

/** Playwright's list shows 300 characters of it: what happened, and where, must be among them. */
function firstLine(detail: CaptureDetail): string {
  const frame = ownFrame(detail.exception?.stack ?? []);
  const file = frame?.file ? ` at ${basename(frame.file)}:${frame.line}` : '';
  return fitEnd(harmless(captureTitle(detail)), TITLE_COLUMNS) + harmless(file);
}

function many(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
