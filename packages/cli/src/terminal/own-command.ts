import { IN_PROJECT } from '@firstchance/model/options';

/**
 * How a person starts us again: the shell does not find what is installed in a project.
 * @param script what Node was started with
 */
export function ownCommand(script = process.argv[1] ?? ''): string {
  return /[\\/]node_modules[\\/]\.bin[\\/][^\\/]+$/.test(script) ? IN_PROJECT : 'firstchance';
}
