import type { GrowthCheck } from '@firstchance/model';
import { expect, it } from 'vitest';
import { annotations } from './annotations/annotations.ts';
import { renderSarif } from './annotations/sarif.ts';
import { workflowCommands } from './annotations/workflow-commands.ts';
import { checkLines } from './growth/check-lines.ts';
import { growthProgressLine } from './growth/progress-line.ts';
import { makePageData } from './html/make-page-data.ts';
import { renderJson } from './json/render-json.ts';
import { renderMarkdown } from './markdown/summary-markdown.ts';
import type { CheckEntry, ReadModel } from './read-model/read-model.ts';
import { plainStyle } from './terminal/style.ts';
import { growthSession } from './testing/growth-session.ts';
import { renderJunit } from './testing/render-junit.ts';

const CLOSURE = 'Shop.Desk+<>c__DisplayClass3_0';
const SHOWN = 'closure of Shop.Desk.Watch';

/** A session whose leak is one of a closure. */
function session(): { model: ReadModel; check: GrowthCheck } {
  const model = growthSession();
  const entry = model.checks.find(({ record }) => record.verdict === 'LEAK');
  const check = entry?.check();
  const [growth] = check?.growth ?? [];
  if (!entry || !check || !growth) throw new Error('the session has no leak');
  const createdIn = { places: [{ method: 'Shop.Desk.Watch', file: null, line: null }], of: 1, sure: true };
  const changed = {
    ...check,
    growth: [
      { ...growth, type: CLOSURE, path: ['static Shop.Exchange.Traded', 'Desk+<>c__DisplayClass3_0'], createdIn },
    ],
  };
  const left = [{ type: CLOSURE, module: 'Shop.dll', instances: 3, bytes: 72 }];
  const ledger = model.ledger.map((one) => ({ ...one, left }));
  const checks: CheckEntry[] = [{ ...entry, check: () => changed }];
  return { model: { ...model, ledger, checks }, check: changed };
}

const STYLE = plainStyle(120);

it.each([
  ['the terminal', () => checkLines(session().check, STYLE).join('\n')],
  ['Markdown', () => renderMarkdown(session().model)],
  ['JUnit XML', () => renderJunit(session().model)],
  ['annotations', () => workflowCommands(annotations(session().model, '/src')).join('\n')],
  ['SARIF', () => renderSarif(session().model, '/src', '0.1.0')],
  ['the page', () => JSON.stringify(makePageData(session().model).checks)],
])('%s says of a closure what a person does', (_name, render) => {
  const text = render();
  expect(text).toContain(SHOWN);
  expect(text).not.toContain('DisplayClass');
});

it('a check under way says it too, without the method that it does not know yet', () => {
  const progress = { done: 3, expected: 12, phase: 'measure', leftMs: null };
  const suspects = [{ channel: 'instances', type: CLOSURE, perOperation: 1 }];
  expect(growthProgressLine({ ...progress, suspects }, STYLE)).toContain('closure of Shop.Desk +1.00');
});

it('JSON keeps the name that the runtime has', () => {
  const { model } = session();
  expect(JSON.stringify([...renderJson(model)])).toContain(CLOSURE);
});
