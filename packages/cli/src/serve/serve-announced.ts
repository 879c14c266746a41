import type { OptionValues } from '@firstchance/model';
import { type Announced, type ServeRequest, serve } from '@firstchance/protocol/server';
import type { SessionEnd } from '@firstchance/session';
import { requestOperation } from '../options/request-operation.ts';
import type { CliContext } from '../ports.ts';
import { shownPath } from '../terminal/shown-path.ts';
import { serverTexts } from './texts.ts';

export interface ServeAnnouncedRequest
  extends Pick<ServeRequest, 'plan' | 'ownerGone' | 'endReason' | 'logFile' | 'onOpen'> {
  readonly context: CliContext;
  /** As they were given, for growth checks. */
  readonly values: OptionValues;
}

/** Opens the session that was announced and serves it to its end. */
export function serveAnnounced(
  { place, door }: Announced,
  { context, values, plan, ...request }: ServeAnnouncedRequest,
): Promise<SessionEnd> {
  return serve({
    ...{ ...request, door, plan: { ...plan, privateFolder: place.privateFolder } },
    ...{ ports: context.ports.session, environment: context.environment },
    texts: serverTexts(shownPath(context.folder, plan.folder), context.environment),
    // Loaded with the first check: most sessions have none, and all must start soon.
    judging: async (asked) => (await import('./judging.ts')).judgingOf(values, asked, context.folder),
    operation: (text) => requestOperation(text, values),
  });
}
