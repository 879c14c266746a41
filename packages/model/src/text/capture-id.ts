import type { CaptureKind } from '../records/words.ts';

const LONGEST_TYPE = 60;

/** "0001-first-chance-InvalidOperationException": a safe file name, whatever the type is called. */
export function captureId(number: number, kind: CaptureKind, exceptionType?: string | null): string {
  return `${String(number).padStart(4, '0')}-${captureName(kind, exceptionType)}`;
}

/** The id without its number: "first-chance-InvalidOperationException", "deadline". Letters, digits, - and _ only. */
export function captureName(kind: CaptureKind, exceptionType?: string | null): string {
  if (!exceptionType) return kind;
  const withoutArguments = exceptionType.replace(/[[<].*$/s, '').replace(/`\d+/g, '');
  const own = withoutArguments.slice(withoutArguments.lastIndexOf('.') + 1);
  // A type's name may hold any character at all, a path separator too.
  const safe = own.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '');
  return safe === '' ? kind : `${kind}-${safe.slice(0, LONGEST_TYPE)}`;
}

/** The number of a capture's id; undefined when the name is not one of ours. */
export function captureNumber(id: string): number | undefined {
  const digits = /^(\d{4,9})-/.exec(id)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
