import { errorCode, errorText } from '@firstchance/model';

/** What was tried, on what, what the system answered, what to do. */
export interface Problem {
  readonly what: string;
  readonly where: string;
  readonly why: string;
  readonly cure: string;
}

/** An error that carries its own explanation: the engine's, the target's, the diagnostics client's. */
function explains(error: unknown): error is { what?: unknown; why: string; cure?: unknown } {
  return typeof error === 'object' && error !== null && typeof (error as { why?: unknown }).why === 'string';
}

const SYSTEM: Readonly<Record<string, readonly [why: string, cure: string]>> = {
  ENOSPC: ['the disk is full (ENOSPC)', 'free some space, write elsewhere with -x FOLDER, or lower --max-disk'],
  EDQUOT: ['your disk quota is used up (EDQUOT)', 'free some space, or write elsewhere with -x FOLDER'],
  EACCES: ['permission was denied (EACCES)', 'choose a folder you may write to with -x FOLDER'],
  EPERM: ['the system does not permit it (EPERM)', 'run as the user who owns the process, or as root'],
  EROFS: ['the file system is read-only (EROFS)', 'choose another folder with -x FOLDER'],
  ENOTDIR: ['a part of the path is a file, not a folder (ENOTDIR)', 'choose another folder with -x FOLDER'],
  ENOENT: ['there is no such file or folder (ENOENT)', 'check the path'],
  EMFILE: ['too many files are open (EMFILE)', 'raise the limit with ulimit -n'],
};

/** The process that it was about has ended. */
export function targetHasEnded(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'no-such-process' || code === 'target-gone';
}

/** Makes a problem of any error. `what` is the caller's: it knows best what it was about. */
export function toProblem(what: string, where: string, error: unknown): Problem {
  if (explains(error)) return { what, where, why: error.why, cure: typeof error.cure === 'string' ? error.cure : '' };
  const code = errorCode(error);
  const known = typeof code === 'string' ? SYSTEM[code] : undefined;
  if (known) return { what, where, why: known[0], cure: known[1] };
  const text = errorText(error);
  return { what, where, why: text, cure: 'run again with -v, and report this when it stays' };
}
