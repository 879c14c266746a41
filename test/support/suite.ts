import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ManifestLine, readManifest } from './firstchance.ts';
import type { Sandbox } from './sandbox.ts';

/** Folder of a test project among the fixtures; all of them test the same program with the same tests. */
export const suite = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

/** `dotnet test` by VSTest on a built project; `filter` chooses tests by a part of their names. */
export const vstest = (name: string, filter?: string) => [
  ...['dotnet', 'test', suite(name), '-c', 'Release', '--no-build'],
  ...(filter === undefined ? [] : ['--filter', `FullyQualifiedName~${filter}`]),
];

/** The test executable of a project on Microsoft.Testing.Platform. */
export const executable = (name: string) => path.join(suite(name), 'bin', name);

/** Processes of a session by what the agent did in them: { testhost: "loaded" }. */
export function agentStates(session: string): Record<string, unknown> {
  return Object.fromEntries(
    records(session, 'target').map((line) => [path.basename(String(line.name)).toLowerCase(), line.agent]),
  );
}

export const records = (session: string, kind: string): ManifestLine[] =>
  readManifest(session).filter((line) => line.record === kind);

/** Of every test the states it went through: { "Suite.OrderTests.Passes": ["started", "passed"] }. */
export function testStates(session: string): Record<string, unknown[]> {
  const states: Record<string, unknown[]> = {};
  for (const line of records(session, 'test')) {
    const name = (line.title as string[]).join(' ');
    states[name] = [...(states[name] ?? []), line.state];
  }
  return states;
}

/** What firstchance left behind; the SDK leaves folders of its own in the temporary folder. */
export const ourLeftovers = (sandbox: Sandbox): string[] =>
  sandbox.leftovers().filter((one) => /^process |firstchance/.test(one));
