import { conforms } from '@firstchance/model';
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { TestResult } from './test-result.ts';

const text = z.string().default('');
const methodSchema = z.object({ className: text, name: text, adapterTypeName: text });
const definitionSchema = z.object({ id: z.string(), TestMethod: methodSchema.optional() });
/** Elements that are empty, or hold what is not looked at, are text. */
const textIn = <T extends z.ZodType>(inner: T) => z.union([inner, z.string()]).optional();
const resultSchema = z.object({
  ...{ testId: text, testName: text, outcome: text, duration: text, startTime: text, endTime: text },
  Output: textIn(z.object({ ErrorInfo: textIn(z.object({ Message: z.string().optional() })) })),
});
const fileSchema = z.object({
  TestRun: z.object({
    Results: z.object({ UnitTestResult: z.array(resultSchema).default([]) }).optional(),
    TestDefinitions: z.object({ UnitTest: z.array(definitionSchema).default([]) }).optional(),
  }),
});

/** Text of tests may hold anything: it is not looked at. */
const IGNORED = ['StdOut', 'StdErr', 'DebugTrace', 'StackTrace', 'TextMessages', 'ResultFiles', 'CollectorDataEntries'];

/**
 * Results in a TRX file (schema vstst.xsd, as VSTest's logger and Microsoft.Testing.Platform's report write it).
 * @throws Error saying what is wrong with the file
 */
export function readTrx(xml: string): TestResult[] {
  const parser = new XMLParser({
    ...{ ignoreAttributes: false, attributeNamePrefix: '', parseAttributeValue: false, removeNSPrefix: true },
    isArray: (name) => name === 'UnitTestResult' || name === 'UnitTest',
    stopNodes: IGNORED.map((name) => `*.${name}`),
  });
  const checked = conforms(fileSchema, withoutEmpty(parser.parse(xml, true)));
  if (!checked.ok) throw new Error(`it is no TRX file: ${checked.problem}`);
  const { Results, TestDefinitions } = checked.value.TestRun;
  const definitions = new Map((TestDefinitions?.UnitTest ?? []).map(({ id, TestMethod }) => [id, TestMethod]));
  return (Results?.UnitTestResult ?? []).map((result) => {
    const { className = '', name = '', adapterTypeName = '' } = definitions.get(result.testId) ?? {};
    const shown = result.testName;
    const full = className === '' || shown.startsWith(`${className}.`) ? shown : `${className}.${shown}`;
    return {
      method: className === '' ? shown : `${sourceName(className)}.${bareName(name === '' ? shown : name)}`,
      name: full,
      runner: runnerOf(adapterTypeName),
      outcome: outcomeOf(result.outcome),
      durationMs: durationMs(result.duration),
      ...{ startedAt: unixTime(result.startTime), endedAt: unixTime(result.endTime), message: messageOf(result) },
    };
  });
}

function messageOf({ Output }: z.infer<typeof resultSchema>): string {
  const info = typeof Output === 'object' ? Output.ErrorInfo : undefined;
  return (typeof info === 'object' ? info.Message : undefined) ?? '';
}

/** The parser makes text of an element that is empty: "" or white space. */
function withoutEmpty(file: unknown): unknown {
  const root = (file as { TestRun?: unknown } | null)?.TestRun;
  if (typeof root !== 'object' || root === null) return file;
  return { TestRun: Object.fromEntries(Object.entries(root).filter(([, value]) => typeof value !== 'string')) };
}

/** Without arity and type arguments, as frames are compared: "Suite.Base`1" and "Suite.Base<System.Int32>" are "Suite.Base". */
function sourceName(className: string): string {
  return className.replace(/`\d+|<.*>|\[.*\]/g, '');
}

/** NUnit writes the case into the method's name. Some write the class before it. */
function bareName(name: string): string {
  return (
    name
      .replace(/[(<].*$/s, '')
      .trim()
      .split('.')
      .at(-1) ?? name
  );
}

function runnerOf(adapter: string): string {
  return /xunit|nunit|mstest/i.exec(adapter)?.[0].toLowerCase() ?? 'dotnet test';
}

const OUTCOMES: Readonly<Record<string, TestResult['outcome']>> = {
  ...{ passed: 'passed', passedbutrunaborted: 'passed', warning: 'passed', completed: 'passed' },
  ...{ notexecuted: 'skipped', notrunnable: 'skipped', inconclusive: 'skipped', pending: 'skipped' },
  timeout: 'timed-out',
};

/** What nobody knows is a failure: of failures nothing is removed. */
function outcomeOf(outcome: string): TestResult['outcome'] {
  return OUTCOMES[outcome.toLowerCase()] ?? 'failed';
}

/** "1.02:03:04.5678901" of a TimeSpan, in ms. */
function durationMs(duration: string): number {
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] =
    /^(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(duration) ?? [];
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

function unixTime(time: string): number | null {
  const parsed = Date.parse(time);
  return Number.isNaN(parsed) ? null : parsed;
}
