import { IN_PROJECT } from '@firstchance/model/options';

/**
 * How a person starts us again: the shell does not find what is installed in a project.
 * @param script what Node was started with: npm links it in .bin, pnpm and Yarn have a script there that names the file itself
 * @param folder working folder; a project's packages lie in it or above
 */
export function ownCommand(script = process.argv[1] ?? '', folder = process.cwd()): string {
  if (/[\\/]node_modules[\\/]\.bin[\\/][^\\/]+$/.test(script)) return IN_PROJECT;
  const [project] = script.split(/(?<=[\\/])node_modules[\\/]/, 1);
  const inProject = project !== undefined && project !== script && withSlash(folder).startsWith(project);
  return inProject ? IN_PROJECT : 'firstchance';
}

function withSlash(folder: string): string {
  return /[\\/]$/.test(folder) ? folder : `${folder}/`;
}
