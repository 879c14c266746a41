import { errorCode } from '@firstchance/model';
import { harmless } from '@firstchance/report';
import { toProblem } from '@firstchance/session';
import { usageText } from './explain-usage.ts';

/** Errors about what the person asked for, not about what we could do. */
const USAGE = new Set([
  'command-not-found',
  'command-not-executable',
  'usage',
  'invalid-value',
  'invalid-argument',
  'no-such-process',
  'not-dotnet',
  'corrupt-dump',
  'not-decrypted',
  'heap-file-unknown',
  'heap-file-version',
  'heap-file-cut-off',
  'heap-file-damaged',
]);

/** One sentence for any error, and the exit code of the contract: 64 for wrong usage, 93 for what we could not do. */
export function explain(error: unknown): { text: string; exitCode: number } {
  const usage = usageText(error);
  if (usage !== undefined) return { text: usage, exitCode: 64 };
  const code = errorCode(error);
  // An error of the system names the file at least.
  const { what, path } = (error ?? {}) as { what?: unknown; path?: unknown };
  const about = [what, path].find((one) => typeof one === 'string') as string | undefined;
  const problem = toProblem(about ?? '', '', error);
  const sentence = [problem.what, problem.why].filter((part) => part !== '').join(': ');
  const cure = problem.cure === '' ? '' : `. ${problem.cure[0]?.toUpperCase()}${problem.cure.slice(1)}`;
  return { text: harmless(`${sentence}${cure}`), exitCode: USAGE.has(String(code)) ? 64 : 93 };
}
