import { errorCode, FirstchanceError } from '@firstchance/model';

type Known = Readonly<Record<string, readonly [code: string, why: string, cure: string]>>;

const ELSEWHERE = 'Choose another folder with -x FOLDER.';
const WRITING: Known = {
  ENOSPC: ['disk-full', 'the disk is full (ENOSPC)', 'Free some space, or write elsewhere with -x FOLDER.'],
  EDQUOT: ['disk-full', 'the disk quota is used up (EDQUOT)', 'Free some space, or write elsewhere with -x FOLDER.'],
  EACCES: ['output-not-writable', 'permission was denied (EACCES)', 'Choose a folder you may write to with -x FOLDER.'],
  EPERM: ['output-not-writable', 'the system does not permit it (EPERM)', ELSEWHERE],
  EROFS: ['output-not-writable', 'the file system is read-only (EROFS)', ELSEWHERE],
  ENOTDIR: ['output-not-writable', 'a part of the path is no folder (ENOTDIR)', ELSEWHERE],
  EEXIST: ['output-not-writable', 'there is a file of that name (EEXIST)', ELSEWHERE],
  ELOOP: ['output-not-writable', 'it is a symbolic link (ELOOP)', 'Remove the link, or choose another folder.'],
  ENOENT: ['output-not-writable', 'there is no such folder (ENOENT)', 'Check the path.'],
};
const READING: Known = {
  ENOENT: ['no-such-file', 'there is no such file or folder (ENOENT)', 'Check the path.'],
  ENOTDIR: ['no-such-file', 'a part of the path is no folder (ENOTDIR)', 'Check the path.'],
  EACCES: ['permission-denied', 'permission was denied (EACCES)', 'Run as the user who owns it.'],
};

/** Where a person has no other folder to choose. */
const CHANGING: Known = {
  ...READING,
  ENOSPC: ['disk-full', 'the disk is full (ENOSPC)', 'Free some space.'],
  EDQUOT: ['disk-full', 'the disk quota is used up (EDQUOT)', 'Free some space.'],
  EROFS: ['output-not-writable', 'the file system is read-only (EROFS)', ''],
};
const TABLES = { reading: READING, writing: WRITING, changing: CHANGING } as const;

/**
 * A file system error in the form all our errors have; the system's own is its cause. Errors that are ours already, or
 * that no system call made, are handed back as they are.
 */
export function systemError(what: string, doing: keyof typeof TABLES, cause: unknown): unknown {
  if (cause instanceof FirstchanceError || !(cause instanceof Error)) return cause;
  const name = errorCode(cause);
  if (typeof name !== 'string') return cause;
  const fallback = [doing === 'reading' ? 'not-readable' : 'output-not-writable', cause.message, ''] as const;
  const [code, why, cure] = TABLES[doing][name] ?? fallback;
  return new FirstchanceError({ code, what, why, cure }, { cause });
}
