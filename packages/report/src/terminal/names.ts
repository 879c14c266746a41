import type { CaptureRecord } from '@firstchance/model';
import { harmless } from '../text/harmless.ts';

/** "Shop.Cart+Line" without its namespace: "Cart+Line"; generic arguments are shortened too. */
export function shortType(type: string): string {
  return harmless(type).replace(/(?:[\p{L}\p{N}_@$]+\.)+(?=[\p{L}_@$<])/gu, '');
}

/** What a capture is about: the exception with its message, else the trigger, without the name of the test that place() has. */
export function subject(capture: CaptureRecord): string {
  const { exception, trigger, test } = capture;
  if (!exception) {
    const detail = harmless(trigger.detail ?? '');
    const without = test ? detail.replace(`test ${test.title.map(harmless).join(' > ')} `, () => 'test ') : detail;
    return without === '' ? trigger.kind : `${trigger.kind}: ${without}`;
  }
  const name = shortType(exception.type);
  return exception.message ? `${name}: ${harmless(exception.message)}` : name;
}

/** Where it happened: the test when it is known for certain, else the thread, else the process. */
export function place(capture: CaptureRecord): string {
  const { test, thread, process } = capture;
  if (test) {
    const title = `${test.title.map(harmless).join(' > ')}${attemptOf(test)}`;
    return test.candidates > 1 ? `one of ${test.candidates} tests, perhaps ${title}` : title;
  }
  const name = `${harmless(process.name)} ${capture.pid}`;
  return thread ? `${threadName(thread, capture.pid)} of ${name}` : name;
}

/** Nothing of the first: a test has one, as a rule. */
function attemptOf({ attempt }: NonNullable<CaptureRecord['test']>): string {
  return attempt > 1 ? ` (attempt ${attempt})` : '';
}

/** A thread by its name where somebody gave it one; the main thread has the program's by itself. */
function threadName(thread: NonNullable<CaptureRecord['thread']>, pid: number): string {
  if (thread.osId === pid) return 'main thread';
  return thread.name ? `thread ${harmless(thread.name)}` : `thread ${thread.osId}`;
}

/** The same for narrow terminals: a test by the last part of its name, a thread by its number. */
export function shortPlace(capture: CaptureRecord): string {
  const { test, thread } = capture;
  const title = test?.title.at(-1);
  if (test && title !== undefined) {
    // Arguments of a theory may hold dots: only what stands before them is a dotted name.
    const [name = title] = title.split('(');
    const own = `${harmless(title.slice(name.lastIndexOf('.') + 1))}${attemptOf(test)}`;
    return test.candidates > 1 ? `${own}?` : own;
  }
  return thread
    ? thread.osId === capture.pid
      ? 'main thread'
      : `thread ${thread.osId}`
    : `${harmless(capture.process.name)} ${capture.pid}`;
}
