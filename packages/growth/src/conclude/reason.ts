import { channelName, humanBytes, shownType } from '@firstchance/model';
import type { Conclusion, GrowthFinding } from '../plan/conclusion.ts';
import { isBytes } from '../series/series.ts';

/** What a reason is made of. */
export type Facts = Pick<Conclusion, 'verdict' | 'growth' | 'unsure' | 'verifiedOperations' | 'minimumDetectable'>;

/** The one sentence of a verdict. Names of types are the program's own and may hold anything: whoever shows it makes it harmless. */
export function reasonOf(facts: Facts): string {
  const { verdict, growth, unsure } = facts;
  if (verdict === 'LEAK') return `${list(growth.filter(({ follows }) => follows !== 'time'))}; ${verified(facts)}.`;
  if (verdict === 'GROWS_WHILE_IDLE') return `${list(growth)} without any operation; ${verified(facts)}.`;
  if (verdict === 'INCONCLUSIVE') {
    const [first] = unsure;
    return `${list(unsure)}, but it is not certain that the operations leak: ${first?.why}; ${verified(facts)}.`;
  }
  return `Nothing grows with the operations: ${verified(facts)}.`;
}

/** To follow why a check could not be finished; empty when nothing grew. */
export function grewUntilThen(unsure: readonly GrowthFinding[]): string {
  return unsure.length === 0 ? '' : `; until then ${list(unsure)}`;
}

function verified({ verifiedOperations, minimumDetectable: least }: Facts): string {
  const parts = [
    least.instancesPerOperation === null ? '' : `${short(least.instancesPerOperation)} objects`,
    bytesOf(least.managedBytesPerOperation, 'managed'),
    bytesOf(least.nativeBytesPerOperation, 'native'),
  ].filter((part) => part !== '');
  const smallest = parts.length === 0 ? '' : `, smallest leak it could see ${parts.join(', ')} per operation`;
  return `verified to ${verifiedOperations} operations${smallest}`;
}

function bytesOf(value: number | null, kind: string): string {
  return value === null ? '' : `${humanBytes(value)} ${kind}`;
}

function list(findings: readonly GrowthFinding[]): string {
  const [first] = findings;
  if (first === undefined) return 'Nothing grows';
  const rest = findings.length - 1;
  return `${described(first)}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function described({
  channel,
  type: named,
  module,
  perOperation,
  follows,
  perRound,
  perSecond,
}: GrowthFinding): string {
  const type = named ? shownType(named) : undefined;
  const what = type ?? (channel === 'instances' && module !== undefined ? `types of ${module}` : channelName(channel));
  const amount = (value: number) => (isBytes(channel) ? humanBytes(value) : short(value));
  if (follows === 'round')
    return `${what} grows by ${amount(perRound ?? 0)} in each round with work, however many operations`;
  if (follows === 'time') return `${what} grows by ${amount(perSecond ?? 0)} per second`;
  return `${what} grows by ${amount(perOperation)} per operation`;
}

function short(value: number): string {
  return `${Number(value.toPrecision(2))}`;
}
