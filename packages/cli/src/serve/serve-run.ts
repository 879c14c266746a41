import type { OptionValues } from '@firstchance/model';
import { Notifier, type ServeRequest, serveCommand } from '@firstchance/protocol/server';
import { type RunListener, type Session, type SessionListener, toProblem } from '@firstchance/session';
import { requestOperation } from '../options/request-operation.ts';
import type { CliContext } from '../ports.ts';
import { judgingOf } from './judging.ts';
import { serverTexts } from './texts.ts';

type Listener = SessionListener & RunListener;

/**
 * The listener of a run whose tests may ask the session for growth checks (FirstChance.Testing): everything is told to
 * `reporter` too. Without a socket the run goes on, and the tests say that there is no session.
 * @param shown the session's folder as a person would type it
 */
export function servingListener(
  reporter: SessionListener & Pick<RunListener, 'onInterrupt'>,
  {
    context,
    plan,
    values,
    shown,
  }: { context: CliContext; plan: ServeRequest['plan']; values: OptionValues; shown: string },
): Listener {
  const texts = serverTexts(shown, context.environment);
  const notifier = new Notifier(plan.folder, texts);
  let server: AsyncDisposable | undefined;
  const request = {
    ...{ plan, ports: context.ports.session, environment: context.environment, texts },
    judging: (asked: Readonly<Record<string, unknown>>) => judgingOf(values, asked, context.folder),
    operation: (text: string) => requestOperation(text, values),
  };
  return {
    onRecord: (record) => {
      reporter.onRecord?.(record);
      notifier.onRecord(record);
    },
    onStacks: (detail) => reporter.onStacks?.(detail),
    onProgress: (id, progress) => reporter.onProgress?.(id, progress),
    onException: (event) => reporter.onException?.(event),
    onLog: (level, text) => reporter.onLog?.(level, text),
    onInterrupt: (event, signal) => reporter.onInterrupt?.(event, signal),
    onOpen: async (session: Session) => {
      try {
        server = await serveCommand(session, request, notifier);
      } catch (error) {
        session.problem(toProblem('tests cannot ask for growth checks', session.privateFolder.path, error));
      }
    },
    onCommandEnd: async () => {
      await server?.[Symbol.asyncDispose]();
    },
  };
}
