import { IN_PROJECT } from '@firstchance/model/options';

/**
 * How a person starts us again: the shell does not find what is installed in a project.
 * @param script what Node was started with: npm links it in .bin, pnpm and Yarn have a script there that names the file itself
 * @param folder working folder; a project's packages lie in it or above
 */
export function ownCommand(script = process.argv[1] ?? '', folder = process.cwd()): string {
  if (/[\\/]node_modules[\\/]\.bin[\\/][^\\/]+$/.test(script)) return IN_PROJECT;
  const [project] = /^.*?[\\/](?=node_modules[\\/](?:.*[\\/])?firstchance[\\/]bin[\\/])/.exec(script) ?? [];
  return project !== undefined && withSlash(folder).startsWith(project) ? IN_PROJECT : 'firstchance';
}

function withSlash(folder: string): string {
  return /[\\/]$/.test(folder) ? folder : `${folder}/`;
}
