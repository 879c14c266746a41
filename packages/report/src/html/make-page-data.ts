import type { CaptureDetail } from '@firstchance/model';
import { isFailed } from '../read-model/order.ts';
import type { LedgerEntry, ReadModel, Run, TestEntry } from '../read-model/read-model.ts';
import { harmless } from '../text/harmless.ts';
import { byteLength, limit } from '../text/limit.ts';
import { skipReason } from '../text/skip-reasons.ts';
import { commandText, titleOf } from '../text/titles.ts';
import { Interning } from './interning.ts';
import { pageCapture, pageCaptureDetail } from './page-capture.ts';
import { pageCheck, pageRounds } from './page-check.ts';
import type { PageCaptureDetail, PageData, PageLedger, PageRun, PageTest } from './page-data.ts';
import { fitPage, LISTS, type List, type Most } from './page-size.ts';

/** What details take in the page, at most. */
const DETAIL_BYTES = 3_600_000;

/**
 * What report.html carries. The details of captures and checks share `bytes`, most important first; of what does not fit
 * the entry stays and says where its detail is. Of entries that are too many for the page those that matter most are in it, and
 * the others are counted.
 */
export function makePageData(model: ReadModel, bytes = DETAIL_BYTES): PageData {
  const lengths = Object.fromEntries(LISTS.map((list) => [list, model[list].length])) as Most;
  return fitPage((most, share) => pageData(model, bytes * share, most), lengths);
}

function pageData(model: ReadModel, bytes: number, most: Most): PageData {
  const table = new Interning();
  const room = new Room(bytes);
  // Both lists are sorted by importance; half of the room is the captures' at least.
  const half = new Room(bytes / 2);
  let leftOut = 0;
  const checks = model.checks.slice(0, most.checks).map((entry) => {
    const check = entry.check();
    const rounds = check && fit(pageRounds(check.rounds), half, room);
    if (check && rounds === null) leftOut += 1;
    return pageCheck(entry, check, rounds);
  });
  const captures = model.captures.slice(0, most.captures);
  const details = captures.map((entry) => {
    // Where no room is left none is read: that it is there has been looked for.
    const detail = room.left > 0 ? entry.detail() : undefined;
    const page = detail ? fitDetail(detail, table, room) : null;
    if (page === null && detail !== null) leftOut += 1;
    return page;
  });
  const pages = captures.map((entry, index) => pageCapture(entry, details[index] ?? null, table));
  const tests = mostImportant(model.tests, most.tests);
  const [first] = model.runs;
  const data = {
    schema: 1,
    title: line(first ? commandText(first.command) : 'session', 300),
    outcome: { ...model.outcome, reason: line(model.outcome.reason) },
    runs: model.runs.slice(0, most.runs).map(pageRun),
    targets: model.targets.slice(0, most.targets).map(({ pid, name, runtime, agent, exitCode = null }) => ({
      ...{ pid, name: line(name), runtime: line(runtime ?? ''), agent, exitCode },
    })),
    captures: pages,
    checks,
    tests: tests.map(pageTest),
    ledger: model.ledger.slice(0, most.ledger).map((entry) => pageLedger(entry, table)),
    memory: thinned(model.memory, most.memory).map(({ time, title, categories, managedBytes, residentBytes }) => ({
      ...{ time, title: title === null ? null : line(title, 200), categories },
      ...{ managed: managedBytes, resident: residentBytes },
    })),
    problems: model.problems.slice(0, most.problems).map(({ what, where, why, cure }) => ({
      ...{ what: line(what), where: line(where), why: line(why), cure: line(cure) },
    })),
    skipped: model.skipped.slice(0, 100).map(({ why, count }) => ({ why: line(skipReason(why)), count })),
    removed: model.removed,
    unreadable: model.unreadable.slice(0, most.unreadable).map((sentence) => line(sentence)),
    leftOut,
    ...{ frames: table.frames, stacks: table.stacks, types: table.types },
  } as const;
  const notShown = countNotShown(model, data, tests);
  return notShown === undefined ? data : { ...data, notShown };
}

/** What is in the session and not in the page; undefined when that is nothing. */
function countNotShown(
  { totals }: ReadModel,
  data: Pick<PageData, List>,
  tests: readonly TestEntry[],
): PageData['notShown'] {
  const counts = LISTS.map((list): [string, number] => [list, totals[list] - data[list].length]);
  const failed = totals.failedTests - tests.filter(isFailed).length;
  const bad = totals.notPassed - data.checks.filter(({ verdict }) => verdict !== 'PASS').length;
  const all = [...counts, ['failedTests', failed] as const, ['notPassed', bad] as const];
  const some = all.filter(([, count]) => count > 0);
  return some.length === 0 ? undefined : Object.fromEntries(some);
}

/** Failed tests first, in the order in which they began. */
function mostImportant(tests: readonly TestEntry[], most: number): readonly TestEntry[] {
  if (tests.length <= most) return tests;
  const failed = tests.filter(isFailed).slice(0, most);
  const others = tests.filter((entry) => !isFailed(entry)).slice(0, most - failed.length);
  const kept = new Set([...failed, ...others]);
  return tests.filter((entry) => kept.has(entry));
}

/** Points at equal distances, the first and the last among them. */
function thinned<Point>(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const step = (points.length - 1) / Math.max(1, most - 1);
  return Array.from({ length: most }, (_, index) => points[Math.round(index * step)]).flatMap((point) => point ?? []);
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

function pageRun({ id, command, platform, versions, started, end }: Run): PageRun {
  return {
    ...{ id: line(id), command: line(commandText(command), 2000), platform: line(platform), started },
    versions: line(
      Object.entries(versions)
        .map((entry) => entry.join(' '))
        .join(', '),
    ),
    ...{ ended: end?.time ?? null, exitCode: end?.exitCode ?? null, reason: line(end?.reason ?? '') },
  };
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
