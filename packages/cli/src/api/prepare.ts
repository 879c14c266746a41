import { makeSessionFolder } from '@firstchance/manifest';
import { validateConfig } from '@firstchance/model';
import type { SessionListener } from '@firstchance/session';
import type { FirstchanceConfig } from '../config/define.ts';
import { connectPorts } from '../connect.ts';
import { sessionPlan } from '../options/session-plan.ts';
import { sessionOptions } from '../options/to-session.ts';

/** What all calls of the public API take. */
export interface Common {
  /** The options of docs/options.md, as in a configuration file. */
  readonly options?: FirstchanceConfig;
  /** Told as it happens: records, progress, stacks. */
  readonly listener?: SessionListener;
  /** Working folder; sessions go to .firstchance below it. Default: the process's own. */
  readonly folder?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** A session folder, held until it is disposed, and all that a session in it needs. */
export function prepare(
  { options = {}, folder = process.cwd(), environment = process.env }: Common,
  command: readonly string[],
) {
  const values = validateConfig(options, 'options');
  const resolved = sessionOptions(values);
  const made = makeSessionFolder(folder, resolved.folder);
  return {
    plan: sessionPlan({ options: resolved, folder: made }, command),
    folder: made,
    values,
    ports: connectPorts(environment).session,
  };
}
