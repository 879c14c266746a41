import { errorCode, errorText } from '@firstchance/model';
import { TargetError } from '../target-error.ts';

/** Says why a command could not be started and what to do about it. */
export function launchError(options: { command: readonly string[]; folder?: string }, cause: unknown): TargetError {
  const program = options.command[0] ?? '';
  const what = `Starting "${program}"`;
  const answer = errorCode(cause);
  if (answer === 'ENOENT') {
    return new TargetError('command-not-found', {
      what,
      why: program === '' ? 'no command was given' : 'the system found no such program (ENOENT)',
      cure: program.includes('/')
        ? 'Check the path, and that the interpreter named in its first line exists'
        : 'Check the spelling and that its folder is in PATH; put -- before the command when it starts with a dash',
      cause,
    });
  }
  if (answer === 'EACCES') {
    return new TargetError('command-not-executable', {
      what,
      why: 'the system does not let it be executed (EACCES)',
      cure: `Make it executable (chmod +x) or start it through its program, for example: dotnet ${program}`,
      cause,
    });
  }
  return new TargetError('launch-failed', {
    what,
    why: `the system answered ${answer ?? errorText(cause)}`,
    cure: answer === 'E2BIG' ? 'Shorten the arguments or the environment' : 'Try the same command without firstchance',
    cause,
  });
}
