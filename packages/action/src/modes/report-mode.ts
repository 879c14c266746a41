import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { info, saveState } from '@actions/core';
import { create } from '@actions/glob';
import { MANIFEST_FILE } from '@firstchance/manifest';
import { FirstchanceError, wildcardMatcher } from '@firstchance/model';
import { actionFolder } from '../job/job.ts';
import type { StepContext } from '../step/step-context.ts';
import { readStepRecord, writeStepRecord } from '../step/step-record.ts';
import { newestAttempts } from '../upload/newest-attempts.ts';
import { endSession } from './end-session.ts';
import { finish } from './finish.ts';
import { command } from './firstchance.ts';
import { teller } from './tell.ts';

/** mode report: one report of the sessions of this job and of the report artifacts of other jobs. */
export async function reportMode(context: StepContext): Promise<void> {
  const { inputs, folder, workingDirectory } = context;
  const notes: string[] = [];
  const tell = teller(notes);
  const folders = [
    ...(await ownSessions(context, tell)),
    ...(await otherSessions(context)),
    ...(await downloaded(context, tell)),
  ];
  const sources = [...new Set(folders.map((path) => realpathSync(path)))];
  if (sources.length === 0)
    throw new FirstchanceError({
      ...{ code: 'no-session', what: 'Making the report', why: 'no session was found in this job or in its artifacts' },
      cure: 'Look at the inputs sessions and artifacts, and whether jobs before this one have run.',
    });
  info(`firstchance: ${sources.length === 1 ? 'one session' : `${sources.length} folders of sessions`}`);
  const target = inputs.output === '' ? join(folder, 'session') : resolve(workingDirectory, inputs.output);
  const [only = ''] = sources;
  const session = sources.length === 1 && inputs.output === '' ? only : target;
  if (session !== only) await command(context, ['merge', '-x', session, ...sources]);
  saveState('folder', folder);
  const { published } = await finish(context, session, { notes });
  writeStepRecord(folder, {
    ...{ mode: 'report', session, process: null, done: true, artifact: published.report?.name ?? null },
  });
}

/** Sessions of other steps with this action; armed ones end here. Those whose report is an artifact come with the artifacts. */
async function ownSessions({ job, inputs }: StepContext, tell: (sentence: string) => void): Promise<string[]> {
  const parent = actionFolder(job);
  const found: string[] = [];
  for (const name of existsSync(parent) ? readdirSync(parent).sort() : []) {
    const folder = join(parent, name);
    const record = readStepRecord(folder);
    if (record === undefined || record.mode === 'report') continue;
    if (record.done && record.artifact !== null && inputs.artifacts !== '') continue;
    if (!record.done) {
      for (const note of await endSession(folder, record)) tell(note);
      writeStepRecord(folder, { ...record, process: null, done: true });
    }
    if (isSession(record.session)) found.push(record.session);
    else tell(`${record.session} holds no session`);
  }
  return found;
}

/** Sessions of adapters and of firstchance commands in run steps. */
async function otherSessions({ inputs, workingDirectory }: StepContext): Promise<string[]> {
  const patterns = inputs.sessions.map((pattern) => resolve(workingDirectory, pattern));
  if (patterns.length === 0) return [];
  const globber = await create(patterns.join('\n'), { implicitDescendants: false });
  return (await globber.glob()).filter(isSession).sort();
}

async function downloaded({ inputs, store, folder }: StepContext, tell: (sentence: string) => void): Promise<string[]> {
  if (inputs.artifacts === '') return [];
  const all = await store.list();
  if (typeof all === 'string') {
    tell(all);
    return [];
  }
  const matches = wildcardMatcher(inputs.artifacts, 'i');
  const wanted = newestAttempts(all.filter(({ name }) => matches(name)));
  const found: string[] = [];
  for (const artifact of wanted) {
    const result = await store.download(artifact, join(folder, 'artifacts'));
    if (typeof result === 'string') tell(result);
    else if (isSession(result.folder)) found.push(result.folder);
    else tell(`the artifact ${artifact.name} holds no session`);
  }
  return found;
}

function isSession(folder: string): boolean {
  return existsSync(join(folder, MANIFEST_FILE));
}
