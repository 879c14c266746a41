import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** What a run must not leave behind: our processes, sockets and temporary folders. */
export function leftovers(): string[] {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid, command: commandLine(pid) }))
    .filter(({ command }) => /firstchance-engine|firstchance\.js/.test(command))
    .map(({ pid, command }) => `process ${pid}: ${command}`);
  const folders = [tmpdir(), process.env.XDG_RUNTIME_DIR]
    .filter((folder): folder is string => folder !== undefined)
    .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
    .filter((file) => /\/(firstchance-(?!e2e)|fc-)/.test(file));
  return [...processes, ...folders];
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
