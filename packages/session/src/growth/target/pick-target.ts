import { listeningPorts } from '@firstchance/target';
import type { OperationSpec } from '../operation/operation-spec.ts';
import { CheckFailure } from '../run/check-failure.ts';

interface Candidate {
  readonly pid: number;
  readonly facts: { readonly name: string };
}

/** Of the .NET processes of a command the one that does the operations: the one that listens where they go. @throws CheckFailure */
export function pickTarget<C extends Candidate>(candidates: readonly C[], spec: OperationSpec, command: string): C {
  const [only] = candidates;
  if (only && candidates.length === 1) return only;
  const url = spec.kind === 'request' && !spec.template.url.startsWith('/') ? new URL(spec.template.url) : undefined;
  const listening = candidates.filter(({ pid }) =>
    listeningPorts(pid).some(({ port }) => url === undefined || String(port) === (url.port || '80')),
  );
  const [first] = listening;
  if (first && listening.length === 1) return first;
  const shown = candidates.map(({ pid, facts }) => `${facts.name} (pid ${pid})`).join(', ');
  throw new CheckFailure('not-ready', {
    what: `Finding the process to check in "${command}"`,
    why:
      candidates.length === 0 ? 'no .NET process runs in it, so there is no managed heap' : `it runs several: ${shown}`,
    cure:
      candidates.length === 0
        ? 'start a .NET program (CoreCLR) with it; firstchance ps lists those that run'
        : 'start the one program itself, or check it with --attach PID',
  });
}
