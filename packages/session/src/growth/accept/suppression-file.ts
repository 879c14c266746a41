import { readFileSync } from 'node:fs';
import { errorCode, nameHint, parseSize, type Suppression, suppressionSchema, UsageError } from '@firstchance/model';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';

/** One entry, and where it stands. */
export interface LoadedSuppression extends Suppression {
  /** "file:line" */
  readonly where: string;
  /** In bytes; undefined: any amount. */
  readonly limit: number | undefined;
}

export interface LoadedSuppressions {
  readonly entries: readonly LoadedSuppression[];
  /** Entries that do not hold any more, in words. */
  readonly warnings: readonly string[];
}

const KEYS = Object.keys(suppressionSchema.shape);

/**
 * Reads a suppression file, YAML or JSON (which is YAML too).
 * @param shown the file as the person named it
 * @param today YYYY-MM-DD: entries that ended before it are left out with a warning
 * @throws UsageError that names file and line
 */
export function readSuppressions(path: string, shown: string, today: string): LoadedSuppressions {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = errorCode(error) ?? String(error);
    throw new UsageError(`the suppression file ${shown} could not be read (${code})`, { cause: error });
  }
  return parseSuppressions(text, shown, today);
}

export function parseSuppressions(text: string, shown: string, today: string): LoadedSuppressions {
  const lines = new LineCounter();
  // maxAliasCount: a file of a few lines must not unfold to gigabytes.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const lineAt = (offset: number | undefined) => `${shown}:${offset === undefined ? 1 : lines.linePos(offset).line}`;
  const lineOf = (node: unknown) => lineAt(isNode(node) ? node.range?.[0] : undefined);
  const [broken] = document.errors;
  if (broken) throw new UsageError(`${lineAt(broken.pos[0])}: ${broken.message.split('\n')[0]}`);
  const root = document.contents;
  if (!isMap(root)) throw new UsageError(`${shown}:1: write "suppressions:" and a list of entries below it`);
  checkKeys(root, ['$schema', 'suppressions'], lineOf);
  const list = root.get('suppressions', true);
  if (!isSeq(list)) throw new UsageError(`${lineOf(list)}: "suppressions" must be a list`);
  const entries: LoadedSuppression[] = [];
  const warnings: string[] = [];
  for (const item of list.items) {
    const where = lineOf(item);
    if (!isMap(item)) throw new UsageError(`${where}: each entry must have keys: ${KEYS.join(', ')}`);
    checkKeys(item, KEYS, lineOf);
    const entry = parseEntry(item, where, lineOf);
    if (entry.expires !== undefined && entry.expires < today)
      warnings.push(`${where}: this suppression ended on ${entry.expires} and is not applied (${entry.reason})`);
    else entries.push(entry);
  }
  return { entries, warnings };
}

function parseEntry(item: YAMLMap, where: string, lineOf: (node: unknown) => string): LoadedSuppression {
  // A date is a text to us, also where YAML 1.1 habits would make something else of it.
  const values = Object.fromEntries(
    item.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), isScalar(value) ? value.value : null]),
  );
  const checked = suppressionSchema.safeParse(values);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const key = issue?.path[0];
    const line = typeof key === 'string' ? lineOf(item.get(key, true) ?? item) : where;
    const named = key === undefined ? 'this suppression' : `"${String(key)}"`;
    throw new UsageError(`${line}: ${named}${key === undefined ? ' ' : ': '}${issue?.message ?? 'not understood'}`);
  }
  const { maxBytesPerOperation: limit } = checked.data;
  return { ...checked.data, where, limit: typeof limit === 'string' ? parseSize(limit) : limit };
}

function checkKeys(map: YAMLMap, known: readonly string[], lineOf: (node: unknown) => string): void {
  for (const { key } of map.items) {
    const name = String(isScalar(key) ? key.value : key);
    if (known.includes(name)) continue;
    const hint = nameHint(name, known);
    throw new UsageError(`${lineOf(key)}: unknown key ${JSON.stringify(name.slice(0, 60))}; ${hint}`);
  }
}
