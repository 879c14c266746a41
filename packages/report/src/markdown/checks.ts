import { shownMethod, verdictText } from '@firstchance/model';
import { createdInTitle, placeText } from '../growth/created-in-text.ts';
import { carrierNames, foldHeld, type Head, heldNames } from '../growth/fold-held.ts';
import { shownPath } from '../growth/folded-path.ts';
import { holderOf, nativeOwners } from '../growth/headline.ts';
import { hasOwnCode } from '../growth/own-owner.ts';
import { ownerPart } from '../growth/owner-part.ts';
import type { CheckEntry, ReadModel } from '../read-model/read-model.ts';
import { checkTitle, growthBounds, growthTitle } from '../text/titles.ts';
import { code, codeBlock, words } from './escape.ts';
import { markdownTable } from './table.ts';

export const MARKS = {
  PASS: '✅',
  LEAK: '❌',
  GROWS_WHILE_IDLE: '❌',
  INCONCLUSIVE: '⚠️',
  INFRASTRUCTURE_ERROR: '⛔',
} as const;
const MOST_ROWS = 500;

/** One row per check, the worst first. */
export function checksTable({ checks, totals }: ReadModel): string[] {
  if (checks.length === 0) return [];
  const rows = checks.slice(0, MOST_ROWS).map((entry) => {
    const { record } = entry;
    const grows = entry.check()?.growth[0];
    return [
      `${MARKS[record.verdict]} ${verdictText(record.verdict)}`,
      code(checkTitle(entry), 200),
      grows ? code(growthTitle(grows), 200) : words(record.reason, 200),
    ];
  });
  return [`### Growth checks\n\n${markdownTable(['verdict', 'check', 'what grows'], rows, totals.checks)}`];
}

/** Of each check that did not pass: what grows, how certain, what holds it. */
export function* checkSections({ checks }: ReadModel): Generator<string> {
  for (const entry of checks) if (entry.record.verdict !== 'PASS') yield checkSection(entry);
}

function checkSection(entry: CheckEntry): string {
  const { record } = entry;
  const check = entry.check();
  const lines = [`#### ${MARKS[record.verdict]} ${code(checkTitle(entry), 200)}: ${verdictText(record.verdict)}`, ''];
  lines.push(words(record.reason));
  if (check === null) return [...lines, '', 'Its file could not be read.'].join('\n');
  lines.push('', `${check.operations} operations in ${check.rounds.length} rounds, ${check.mode}, seed ${check.seed}`);
  const heads = foldHeld(check.growth);
  for (const head of heads.slice(0, 10)) lines.push('', growthText(head));
  if (heads.length > 10) lines.push('', `and ${heads.length - 10} more that grow`);
  return lines.join('\n');
}

function growthText(growth: Head): string {
  const path = shownPath(growth.path ?? []);
  const holder = holderOf(growth);
  const held = holder === undefined ? '' : `, held by ${code(holder, 300)}`;
  const lines = [`**${code(growthTitle(growth), 300)}** (${words(growthBounds(growth))})${held}`];
  if (path.length > 0)
    lines.push(
      '',
      codeBlock(
        path.slice(0, 40).map((step, depth) => `${'  '.repeat(Math.min(depth, 20))}${step}`),
        300,
      ),
    );
  if (growth.held.length > 0) lines.push('', `holds ${code(heldNames(growth), 400)}`);
  if (growth.carriers.length > 0) lines.push('', `on its path, as many: ${code(carrierNames(growth), 400)}`);
  for (const says of nativeOwners(growth)) lines.push('', words(says, 400));
  if (growth.cure) lines.push('', words(growth.cure, 400));
  if (growth.owner && growth.owner.length > 0 && (hasOwnCode(growth.owner) || !growth.createdIn))
    lines.push('', `allocated at${ownerPart(growth)}`, '', codeBlock(growth.owner.slice(0, 8).map(shownMethod), 300));
  else if (growth.createdIn)
    lines.push(
      '',
      createdInTitle(growth.createdIn),
      '',
      codeBlock(
        growth.createdIn.places.map((place) => placeText(place)),
        300,
      ),
    );
  return lines.join('\n');
}
