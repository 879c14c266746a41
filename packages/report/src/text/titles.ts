import type { CaptureRecord, Growth, TestReference } from '@firstchance/model';
import { humanBytes, shownType } from '@firstchance/model';
import { bytesOf } from '../growth/headline.ts';
import type { CheckEntry } from '../read-model/read-model.ts';

/** "1.0" "0.25" "1,200": a rate that a person compares, three digits. */
export function rate(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en-US');
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return size >= 0.995 || size === 0 ? value.toFixed(size === 0 ? 0 : 2) : value.toPrecision(2);
}

/** Channels that are measured in bytes; the others count. */
export function isBytes(channel: string): boolean {
  return /Bytes(?:\.|$)/.test(channel);
}

/** "0001 POST /orders", "0002 Cart > keeps nothing": its number and the test that asked for it, else what it repeated. */
export function checkTitle({ record, check, test }: CheckEntry): string {
  const name = test ? titleOf(test).join(' > ') : check()?.name;
  return name ? `${record.id} ${name}` : record.id;
}

/** "+1.00, 340 B per operation: Shop.Session", with the bytes that hang on it, as the verdict says them. */
export function growthTitle(growth: Growth): string {
  const { channel, perOperation, nativeOwner, createdIn } = growth;
  const type = growth.type && shownType(growth.type, createdIn);
  const bytesPerOperation = bytesOf(growth);
  const sign = perOperation > 0 ? '+' : '';
  const amount = isBytes(channel) ? `${sign}${humanBytes(perOperation)}` : `${sign}${rate(perOperation)}`;
  const bytes = isBytes(channel) || bytesPerOperation === undefined ? '' : `, ${humanBytes(bytesPerOperation)}`;
  const subject = type && nativeOwner ? `${channel} of ${type}` : type || channel;
  return `${amount}${bytes} per operation: ${subject}`;
}

/** How sure the rate is: "0.98 to 1.02", "3.9 kB to 4.1 kB". */
export function growthBounds({ channel, low, high }: Growth): string {
  const shown = isBytes(channel) ? humanBytes : rate;
  return `${shown(low)} to ${shown(high)}`;
}

/** Suites and name of a test, with the project it ran in, as runners show it: "[firefox] Cart", "adds". */
export function titleOf({ title, project }: Pick<TestReference, 'title' | 'project'>): string[] {
  const [first = '', ...rest] = title;
  return project === undefined ? [...title] : [`[${project}] ${first}`.trimEnd(), ...rest];
}

/** Whom a capture belongs to, in words: the test, and which run of it, or perhaps one of several. */
export function testTitle({ test }: CaptureRecord): string | null {
  if (test === null) return null;
  const name = titleOf(test).join(' > ');
  const title = test.attempt > 1 ? `${name} (attempt ${test.attempt})` : name;
  return test.candidates > 1 ? `one of ${test.candidates} tests, perhaps ${title}` : title;
}

/** The command as one would type it; words with spaces are quoted for reading only. */
export function commandText(words: readonly string[]): string {
  return words.map((word) => (/[\s"']|^$/.test(word) ? JSON.stringify(word) : word)).join(' ');
}

/** What a capture is about: the exception with its message, else the trigger. */
export function captureTitle({ exception, trigger }: CaptureRecord): string {
  if (exception) return exception.message === null ? exception.type : `${exception.type}: ${exception.message}`;
  return trigger.detail === '' ? trigger.kind : `${trigger.kind}: ${trigger.detail}`;
}
