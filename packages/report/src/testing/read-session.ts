import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CaptureDetail, ManifestRecord } from '@firstchance/model';
import { recordKey } from '@firstchance/model';
import { makeReadModel } from '../read-model/make-read-model.ts';
import type { ReadModel } from '../read-model/read-model.ts';

/**
 * Sessions recorded by `firstchance run` on fixtures (throw-loop, crash thread, hang async with --deadline), without dumps, most
 * modules and the smaller types; paths of the machine were made "/src/firstchance".
 */
export const RECORDED = ['throw-loop', 'crash', 'hang'] as const;

/** What packages/manifest reads of a recorded session. */
export function recordedSession(name: (typeof RECORDED)[number]): ReadModel {
  const folder = fileURLToPath(new URL(`sessions/${name}/`, import.meta.url));
  const lines = readFileSync(`${folder}manifest.jsonl`, 'utf8').trimEnd().split('\n');
  const records = new Map<string, ManifestRecord>();
  for (const [index, line] of lines.entries()) {
    const record = JSON.parse(line) as ManifestRecord;
    records.set(recordKey(record) ?? `#${index}`, record);
  }
  const details = new Map<string, CaptureDetail>();
  for (const record of records.values()) {
    if (record.record !== 'capture') continue;
    const path = `${folder}captures/${record.id}/capture.json`;
    if (existsSync(path)) details.set(record.id, JSON.parse(readFileSync(path, 'utf8')) as CaptureDetail);
  }
  return makeReadModel({ records: [...records.values()], details, checks: new Map(), unreadable: [] });
}
