import { FirstchanceError } from '@firstchance/model';
import type { Session } from '@firstchance/session';
import { listeningPorts, portOf } from '@firstchance/target';

/** The .NET process that listens where a URL goes. @throws FirstchanceError when there is none in the session */
export function findTarget(session: Session, url: string): number {
  const failure = (why: string, cure: string) =>
    new FirstchanceError({ code: 'no-target', what: `Finding the program behind ${url.slice(0, 200)}`, why, cure });
  const wanted = URL.canParse(url) ? portOf(new URL(url)) : undefined;
  if (wanted === undefined) throw failure('it is no URL of http or https', 'write it as http://127.0.0.1:5000');
  const found = session.targets.interesting.find(({ pid }) => listeningPorts(pid).some(({ port }) => port === wanted));
  if (found) return found.pid;
  throw failure(
    `no .NET process of this session listens on port ${wanted}`,
    'attach(pid) it when it was started outside of the test run',
  );
}

/** The only .NET process that a client's tests may use. @throws FirstchanceError when that is not one */
export function onlyTarget({ targets, runners }: Session, client: string): number {
  const found = targets.interesting.filter(({ pid }) => runners.clients.ownersOf(pid)?.has(client) ?? true);
  const [only] = found;
  if (only && found.length === 1) return only.pid;
  const shown = found.map(({ pid, facts }) => `${facts.name} (pid ${pid})`).join(', ');
  throw new FirstchanceError({
    ...{ code: 'no-target', what: 'Finding the program to check for growth' },
    why: only ? `these tests use several: ${shown}` : 'these tests use no .NET program that runs',
    cure: 'launch() or attach() it first, or name it: { target: pid }',
  });
}
