import { basename } from 'node:path';
import { type CaptureDetail, verdictText } from '@firstchance/model';
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
import { IN_PROJECT } from '../terminal/own-command.ts';

/** Runners print our texts where they like: without colours, as wide as a log. */
const COLUMNS = 160;
/** They indent messages of failed tests. */
const MESSAGE_COLUMNS = 110;
const TITLE_COLUMNS = 160;

/** @param sessionFolder as a person would type it */
export function serverTexts(sessionFolder: string): Texts {
  const style = plainStyle(COLUMNS);
  return {
    capture: (record) => captureLine(record, style),
    problem: (record) => problemLines(record, style).join('\n'),
    stacks: (detail) => stackLines(detail, style).join('\n'),
    check: (check) => checkLines(check, plainStyle(MESSAGE_COLUMNS)).join('\n'),
    report: (detail) => [firstLine(detail), '', ...showCapture(detail, style, { sessionFolder })].join('\n'),
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
        ...(targets === 0 && exitCode === 0
          ? ['firstchance: no .NET program ran in these tests, so there was nothing to watch']
          : []),
        ...(exitCode === 0 ? [] : [`firstchance: ${verdict === null ? '' : `${verdictText(verdict)}: `}${reason}`]),
      ];
      return lines.join('\n');
    },
  };
}

/** Playwright's list shows 300 characters of it: what happened, and where, must be among them. */
function firstLine(detail: CaptureDetail): string {
  const frame = ownFrame(detail.exception?.stack ?? []);
  const file = frame?.file ? ` at ${basename(frame.file)}:${frame.line}` : '';
  return fitEnd(harmless(captureTitle(detail)), TITLE_COLUMNS) + harmless(file);
}

function many(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
