import type { CaptureDetail } from '@firstchance/model';
import type { LedgerEntry, ReadModel, TestEntry } from '../read-model/read-model.ts';
import { harmless } from '../text/harmless.ts';
import { byteLength, limit } from '../text/limit.ts';
import { commandText, titleOf } from '../text/titles.ts';
import { Interning } from './interning.ts';
import { pageCapture, pageCaptureDetail } from './page-capture.ts';
import { pageCheck, pageRounds } from './page-check.ts';
import type { PageCaptureDetail, PageData, PageLedger, PageTest } from './page-data.ts';

/** A report is mailed and opened on a phone: with the page itself it stays below 5 MB. */
export const DETAIL_BYTES = 3_600_000;
const MOST_TESTS = 5000;
const MOST_LEDGER = 1000;
const MOST_ENTRIES = 2000;

/**
 * What report.html carries. The details of captures and checks share `bytes`, most important first; of what does not fit
 * the entry stays and says where its detail is.
 */
export function makePageData(model: ReadModel, bytes = DETAIL_BYTES): PageData {
  const table = new Interning();
  const room = new Room(bytes);
  // Both lists are sorted by importance; half of the room is the captures' at least.
  const captures = model.captures.slice(0, MOST_ENTRIES);
  const checks = model.checks.slice(0, MOST_ENTRIES);
  const half = new Room(bytes / 2);
  const rounds = checks.map(({ check }) => (check ? fit(pageRounds(check.rounds), half, room) : null));
  const details = captures.map(({ detail }) => (detail && room.left > 0 ? fitDetail(detail, table, room) : null));
  const missing =
    rounds.filter((one, index) => one === null && checks[index]?.check).length +
    details.filter((one, index) => one === null && captures[index]?.detail).length;
  const [first] = model.runs;
  const pages = captures.map((entry, index) => pageCapture(entry, details[index] ?? null, table));
  return {
    schema: 1,
    title: line(first ? commandText(first.command) : 'session', 300),
    outcome: { ...model.outcome, reason: line(model.outcome.reason) },
    runs: model.runs.slice(0, MOST_ENTRIES).map(({ id, command, platform, versions, started, end }) => ({
      ...{ id: line(id), command: line(commandText(command), 2000), platform: line(platform), started },
      versions: line(
        Object.entries(versions)
          .map((entry) => entry.join(' '))
          .join(', '),
      ),
      ...{ ended: end?.time ?? null, exitCode: end?.exitCode ?? null, reason: line(end?.reason ?? '') },
    })),
    targets: model.targets.slice(0, MOST_ENTRIES).map(({ pid, name, runtime, agent, exitCode = null }) => ({
      ...{ pid, name: line(name), runtime: line(runtime ?? ''), agent, exitCode },
    })),
    captures: pages,
    checks: checks.map((entry, index) => pageCheck(entry, rounds[index] ?? null)),
    tests: model.tests.slice(0, MOST_TESTS).map(pageTest),
    ledger: model.ledger.slice(0, MOST_LEDGER).map((entry) => pageLedger(entry, table)),
    memory: model.memory.slice(0, MOST_TESTS).map(({ time, title, categories, managedBytes, residentBytes }) => ({
      ...{ time, title: title === null ? null : line(title, 200), categories },
      ...{ managed: managedBytes, resident: residentBytes },
    })),
    problems: model.problems.slice(0, 500).map(({ what, where, why, cure }) => ({
      ...{ what: line(what), where: line(where), why: line(why), cure: line(cure) },
    })),
    skipped: model.skipped.slice(0, 100).map(({ why, count }) => ({ why: line(why), count })),
    removed: model.removed,
    unreadable: model.unreadable.slice(0, 200).map((sentence) => line(sentence)),
    leftOut: missing,
    ...{ frames: table.frames, stacks: table.stacks, types: table.types },
  };
}

/** Bytes that details may still take. */
class Room {
  left: number;
  constructor(bytes: number) {
    this.left = bytes;
  }
}

function fit<Detail>(detail: Detail, ...rooms: readonly Room[]): Detail | null {
  const bytes = byteLength(JSON.stringify(detail));
  if (rooms.some(({ left }) => left < bytes)) return null;
  for (const room of rooms) room.left -= bytes;
  return detail;
}

/** Frames, stacks and types that only this capture has count as its own, also when it does not fit in the end. */
function fitDetail(detail: CaptureDetail, table: Interning, room: Room): PageCaptureDetail | null {
  const before = table.bytes;
  const page = pageCaptureDetail(detail, table);
  room.left -= table.bytes - before;
  return fit(page, room);
}

function pageTest({ record, captureIds }: TestEntry): PageTest {
  const { state, durationMs, file, line: number, attempt } = record;
  const place = file === null ? '' : number === null ? file : `${file}:${number}`;
  return {
    ...{ title: line(titleOf(record).join(' > '), 400), state, durationMs, place: line(place, 300), attempt },
    captures: captureIds.map((id) => line(id)),
  };
}

function pageLedger(
  { title, testState, candidates, merged, bytes, instances, left }: LedgerEntry,
  table: Interning,
): PageLedger {
  return {
    title: title === null ? '' : line(title.join(' > '), 400),
    ...{ state: testState, candidates, bytes, instances },
    merged: merged.slice(0, 50).map((other) => line(other, 200)),
    left: left.slice(0, 15).map((type) => [table.type(type.type, type.module), type.instances, type.bytes]),
  };
}

function line(text: string, longest = 1000): string {
  return limit(harmless(text), longest);
}
