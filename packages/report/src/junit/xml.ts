import XMLBuilder from 'fast-xml-builder';
import { harmless } from '../text/harmless.ts';
import { limit } from '../text/limit.ts';
import type { Case } from './cases.ts';
import type { Totals } from './totals.ts';

/*
 * The document piece by piece. The builder takes whole documents, so that each piece is built inside of the elements around
 * it, which are cut off again: indentation and escapes are the builder's own.
 */

/** One element as the builder takes it: attributes begin with "@", "#text" is its text. */
type Element = { [name: string]: string | Element | Element[] };

/** Stands for what is inside of an element whose beginning and end are wanted. */
const INSIDE = '<inside/>\n';
const INSIDE_ELEMENT = { inside: '' };
const OUTER = ['<testsuites>\n <testsuite>\n', ' </testsuite>\n</testsuites>\n'] as const;

type Builder = InstanceType<typeof XMLBuilder>;
let cached: Builder | undefined;
function builder(): Builder {
  cached ??= new XMLBuilder({
    ...{ ignoreAttributes: false, attributeNamePrefix: '@', format: true, indentBy: ' ', suppressEmptyNode: true },
    ...{ suppressBooleanAttributes: false, processEntities: true },
  });
  return cached;
}

/** A test case as it stands in its suite. */
export function caseXml(one: Case): string {
  const text = builder().build({ testsuites: { testsuite: { testcase: caseElement(one) } } });
  return text.slice(OUTER[0].length, text.length - OUTER[1].length);
}

/** What stands before and after the cases of a suite. */
export function suiteXml(name: string, totals: Totals): readonly [string, string] {
  const text = builder().build({ testsuites: { testsuite: { ...totalsElement(name, totals), ...INSIDE_ELEMENT } } });
  const [begin = '', end = ''] = text.split(`  ${INSIDE}`);
  return [begin.slice('<testsuites>\n'.length), end.slice(0, end.length - '</testsuites>\n'.length)];
}

/** What stands before and after the suites. */
export function documentXml(name: string, totals: Totals, isEmpty: boolean): readonly [string, string] {
  const document = {
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: { ...totalsElement(name, totals), ...(isEmpty ? {} : INSIDE_ELEMENT) },
  };
  const [begin = '', end = ''] = builder().build(document).split(` ${INSIDE}`);
  return [begin, end];
}

function totalsElement(name: string, { tests, failure, error, skipped, seconds }: Totals): Element {
  return {
    ...attribute('name', name),
    ...attribute('tests', String(tests)),
    ...attribute('failures', String(failure)),
    ...attribute('errors', String(error)),
    ...attribute('skipped', String(skipped)),
    ...attribute('time', seconds.toFixed(3)),
  };
}

function caseElement({ name, group, seconds, file, line, outcome, output }: Case): Element {
  return {
    ...attribute('name', name),
    ...attribute('classname', group),
    ...attribute('time', seconds.toFixed(3)),
    ...(file ? attribute('file', file) : {}),
    ...(file && line ? attribute('line', String(line)) : {}),
    ...(outcome
      ? {
          [outcome.kind]: {
            ...attribute('message', outcome.message),
            ...attribute('type', outcome.type),
            ...(outcome.text === '' ? {} : { '#text': text(outcome.text) }),
          },
        }
      : {}),
    ...(output === '' ? {} : { 'system-out': text(output) }),
  };
}

function attribute(name: string, value: string): Element {
  return { [`@${name}`]: xml(harmless(value), 1000) };
}

/** Text of several lines: the line breaks are ours, what stands in a line is not. */
function text(value: string): string {
  return value
    .split('\n')
    .slice(0, 500)
    .map((line) => xml(harmless(line), 4000))
    .join('\n');
}

/** Without the two code points that XML 1.0 forbids and harmless() lets through. */
function xml(value: string, longest: number): string {
  return limit(value, longest).replace(/[\ufffe\uffff]/g, '\ufffd');
}
