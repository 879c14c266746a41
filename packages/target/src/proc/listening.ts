import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A TCP port on which a process accepts connections. */
export interface ListeningPort {
  readonly port: number;
  /** Address to reach it at from this machine: the one it is bound to, the loopback address when it is bound to all. */
  readonly host: string;
}

/** State of a listening socket in /proc/net/tcp (include/net/tcp_states.h). */
const LISTEN = '0A';

/**
 * TCP ports a process listens on, in its own network namespace, ascending. Empty when there are none, or when its file
 * descriptors may not be read.
 */
export function listeningPorts(pid: number): ListeningPort[] {
  const inodes = socketInodes(pid);
  if (inodes.size === 0) return [];
  const found = ['tcp', 'tcp6'].flatMap((table) => parseListening(read(`/proc/${pid}/net/${table}`), inodes));
  const byPort = new Map<number, ListeningPort>();
  // IPv4 comes first: a port that is bound for both is reached by the address everybody writes.
  for (const entry of found) if (!byPort.has(entry.port)) byPort.set(entry.port, entry);
  return [...byPort.values()].sort((a, b) => a.port - b.port);
}

/** The port that a URL of http or https leads to; undefined for another kind. */
export function portOf({ protocol, port }: URL): number | undefined {
  return port !== '' ? Number(port) : { 'http:': 80, 'https:': 443 }[protocol];
}

/** Lines of /proc/net/tcp or tcp6 that listen and whose socket is among the inodes. */
export function parseListening(text: string, inodes: ReadonlySet<string>): ListeningPort[] {
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    if (state !== LISTEN || !inodes.has(inode) || !/^[0-9A-F]{4}$/i.test(port)) return [];
    return [{ port: Number.parseInt(port, 16), host: hostOf(address) }];
  });
}

/** The kernel prints an address as hexadecimal words in host byte order: 0100007F is 127.0.0.1 on a little-endian machine. */
function hostOf(address: string): string {
  if (/^0+$/.test(address)) return '127.0.0.1';
  const bytes = (address.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  return (bytes.join('').match(/.{4}/g) ?? []).map((part) => part.toLowerCase()).join(':');
}

function socketInodes(pid: number): Set<string> {
  const inodes = new Set<string>();
  let names: string[];
  try {
    names = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return inodes;
  }
  for (const name of names) {
    try {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`)) ?? [];
      if (inode !== undefined) inodes.add(inode);
    } catch {
      // Closed between the listing and the look.
    }
  }
  return inodes;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
