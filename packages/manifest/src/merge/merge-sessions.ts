import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, type Stats } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type CaptureDetail, captureNumber, errorCode, type ManifestRecord } from '@firstchance/model';
import { MANIFEST_FILE, ManifestWriter } from '../append/manifest-writer.ts';
import { isPlainName } from '../files/plain-name.ts';
import { writeWhole } from '../files/write-whole.ts';
import { makeFolders } from '../folder/make-folders.ts';
import { readManifest } from '../read/read-manifest.ts';
import { systemError } from '../system-error.ts';

export interface MergeResult {
  /** Ids of the sessions that were taken over. */
  readonly sessions: string[];
  readonly captures: number;
  /** What could not be taken over, one sentence each. */
  readonly problems: string[];
}

/**
 * Copies sessions, for example of several machines, into one folder that reads like any session folder. Captures get
 * numbers of their own there; their records and capture.json follow. A session that is there already is left out.
 * @param sources session folders
 * @param target made when it is not there, mode 0700; may hold sessions already
 * @throws FirstchanceError when the target cannot be written
 */
export async function mergeSessions(sources: readonly string[], target: string): Promise<MergeResult> {
  const result = { sessions: [] as string[], captures: 0, problems: [] as string[] };
  try {
    makeFolders(resolve(target));
    const present = new Set<string>();
    if (existsSync(join(target, MANIFEST_FILE)))
      for await (const line of readManifest(target)) if (line.kind === 'record') present.add(line.record.session);
    using writer = ManifestWriter.open(target);
    for (const source of sources) await new FolderMerge(source, target, writer, result).run(present);
  } catch (error) {
    throw systemError(`Merging sessions into ${target}`, 'writing', error);
  }
  return result;
}

/** One source folder on its way into the target. */
class FolderMerge {
  readonly #source: string;
  readonly #target: string;
  readonly #writer: ManifestWriter;
  readonly #result: { sessions: string[]; captures: number; problems: string[] };
  /** Names within captures/ and checks/: there to here. */
  readonly #names = new Map<string, string>();
  readonly #copied = new Set<string>();
  /** The last number given to a capture; undefined before the first. */
  #number: number | undefined;

  constructor(source: string, target: string, writer: ManifestWriter, result: MergeResult & { captures: number }) {
    this.#source = source;
    this.#target = target;
    this.#writer = writer;
    this.#result = result;
  }

  async run(present: Set<string>): Promise<void> {
    const mine = new Set<string>();
    const refused = new Set<string>();
    for await (const line of readManifest(this.#source)) {
      if (line.kind === 'damaged') {
        this.#result.problems.push(`${this.#source}: line ${line.line} of the manifest was left out: ${line.problem}`);
        continue;
      }
      const session = String(line.record.session);
      if (present.has(session) && !mine.has(session)) {
        if (!refused.has(session)) this.#result.problems.push(`${this.#source}: session ${session} is there already`);
        refused.add(session);
        continue;
      }
      if (!mine.has(session)) this.#result.sessions.push(session);
      mine.add(session);
      present.add(session);
      // A record that we do not understand goes along as it is; so does whatever it says about files.
      this.#writer.append(line.kind === 'record' ? this.#moved(line.record) : line.record);
    }
  }

  #moved(record: ManifestRecord): ManifestRecord {
    switch (record.record) {
      case 'capture': {
        const id = this.#takeCapture(record.id);
        const dump = record.dump && { ...record.dump, path: `captures/${id}/${basename(record.dump.path)}` };
        return { ...record, id, dump };
      }
      case 'result':
        return { ...record, captureId: this.#names.get(record.captureId) ?? record.captureId };
      case 'check':
        return { ...record, path: this.#takeCheck(record.path, record.session) };
      default:
        return record;
    }
  }

  #takeCapture(id: string): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const fresh = this.#freshFolder(id);
    this.#names.set(id, fresh);
    const from = join(this.#source, 'captures', id);
    const to = join(this.#target, 'captures', fresh);
    // Gone when its test passed: the result record says so.
    if (isPlainName(id) && this.#isOwn('captures') && isOrdinary(from)) {
      cpSync(from, to, { recursive: true, filter: isOrdinary });
      restrict(to);
      rewriteDetail(join(to, 'capture.json'), fresh);
      this.#result.captures += 1;
    }
    return fresh;
  }

  /** A free number with the old name behind it; the folder is made, so that no other merge takes it. */
  #freshFolder(id: string): string {
    const captures = join(this.#target, 'captures');
    mkdirSync(captures, { recursive: true, mode: 0o700 });
    const name = isPlainName(id) ? id.replace(/^\d+-/, '') : 'capture';
    this.#number ??= Math.max(0, ...readdirSync(captures).map((entry) => captureNumber(entry) ?? 0));
    for (;;) {
      this.#number += 1;
      const fresh = `${String(this.#number).padStart(4, '0')}-${name}`;
      try {
        mkdirSync(join(captures, fresh), { mode: 0o700 });
        return fresh;
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error;
      }
    }
  }

  #takeCheck(path: string, session: string): string {
    const name = basename(path);
    const from = join(this.#source, 'checks', name);
    const taken = existsSync(join(this.#target, 'checks', name)) && !this.#copied.has(name);
    const fresh = taken ? `${session.replace(/[^A-Za-z0-9_-]+/g, '-')}-${name}` : name;
    if (isPlainName(name) && this.#isOwn('checks') && lstat(from)?.isFile()) {
      mkdirSync(join(this.#target, 'checks'), { recursive: true, mode: 0o700 });
      cpSync(from, join(this.#target, 'checks', fresh));
      chmodSync(join(this.#target, 'checks', fresh), 0o600);
      this.#copied.add(name);
    }
    return `checks/${fresh}`;
  }

  /** A link in its place would lead to folders of ours. */
  #isOwn(folder: 'captures' | 'checks'): boolean {
    return lstat(join(this.#source, folder))?.isDirectory() === true;
  }
}

/** Sessions may come from anybody: a link in one must not bring along a file of ours, and a pipe is nothing to wait for. */
function isOrdinary(path: string): boolean {
  const stat = lstat(path);
  return stat !== undefined && (stat.isFile() || stat.isDirectory());
}

function lstat(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function restrict(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) chmodSync(join(entry.parentPath, entry.name), 0o600);
}

function rewriteDetail(path: string, id: string): void {
  const detail = readDetail(path);
  if (detail === undefined) return; // cut off, or none: the record in the manifest stands
  const dump = detail.dump && { ...detail.dump, path: `captures/${id}/${basename(detail.dump.path)}` };
  writeWhole(path, `${JSON.stringify({ ...detail, id, dump }, null, 1)}\n`);
}

/** As far as it must be known to be moved: of a newer version all else goes along as it is. */
function readDetail(path: string): Pick<CaptureDetail, 'dump'> | undefined {
  try {
    const detail: Partial<CaptureDetail> | null = JSON.parse(readFileSync(path, 'utf8'));
    const { dump } = detail ?? {};
    return dump === null || typeof dump?.path === 'string' ? { ...detail, dump } : undefined;
  } catch {
    return undefined;
  }
}
