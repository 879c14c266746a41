import type { Verdict } from '@firstchance/model';

const KINDS: Readonly<Record<Verdict, string>> = {
  PASS: 'good',
  LEAK: 'bad',
  GROWS_WHILE_IDLE: 'bad',
  INCONCLUSIVE: 'unsure',
  INFRASTRUCTURE_ERROR: 'bad',
};

export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  return <span class={`badge ${KINDS[verdict]}`}>{verdict.replaceAll('_', ' ')}</span>;
}

const STATES: Readonly<Record<string, string>> = {
  passed: 'good',
  failed: 'bad',
  'timed-out': 'bad',
  started: 'unsure',
};

export function StateBadge({ state }: { state: string }) {
  return <span class={`badge ${STATES[state] ?? ''}`}>{state === 'started' ? 'never ended' : state}</span>;
}

const KIND_COLOURS: Readonly<Record<string, string>> = {
  unhandled: 'bad',
  deadline: 'bad',
  growth: 'bad',
  memory: 'unsure',
};

export function KindBadge({ kind }: { kind: string }) {
  return <span class={`badge ${KIND_COLOURS[kind] ?? ''}`}>{kind}</span>;
}
