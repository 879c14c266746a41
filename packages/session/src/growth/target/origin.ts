import { type ListeningPort, listeningPorts } from '@firstchance/target';
import { CheckFailure } from '../run/check-failure.ts';

/** Where a process listens. @throws CheckFailure when that is not one place */
export function originOf(pid: number, subject: string): string {
  const ports = listeningPorts(pid);
  const [only] = ports;
  if (only && ports.length === 1) return originOfPort(only);
  throw new CheckFailure('not-ready', {
    what: `Looking for the address of ${subject}`,
    why:
      ports.length === 0 ? 'it listens on no TCP port' : `it listens on several ports: ${ports.map(shown).join(', ')}`,
    cure: 'write the whole URL in --op',
  });
}

export function originOfPort({ host, port }: ListeningPort): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function shown({ port }: ListeningPort): string {
  return String(port);
}
