import type { CensusResult } from '@firstchance/model';
import { showCensus, styleFor } from '@firstchance/report';
import { takeCensus } from '@firstchance/session';
import { Command } from 'commander';
import { addOptions } from '../options/commander.ts';
import { commonFlags } from '../options/invocation.ts';
import type { CliContext } from '../ports.ts';
import { requirePid } from './pid.ts';

export function censusCommand(context: CliContext, finish: (code: number) => void): Command {
  const command = new Command('census')
    .summary('What lives in a process now.')
    .description(
      'Counts the reachable objects of a running process by type, its memory, handles, threads and open files.',
    )
    .argument('<pid>', 'process to look into');
  return addOptions(command, 'census').action(async (text: string) => {
    const pid = requirePid(text);
    const time = new Date().toISOString();
    const census = await takeCensus({ pid }, context.ports.session);
    const { pauseMs, complete, why, types, channels, notes } = census;
    const result: CensusResult = { schema: 1, pid, time, pauseMs, complete, why, types, channels, notes };
    if (commonFlags(command).json) {
      context.stdout.write(`${JSON.stringify(result)}\n`);
    } else {
      const all = command.opts<{ all?: boolean }>().all === true;
      const style = styleFor(context.stdout, context.environment);
      context.stdout.write(`${showCensus({ ...result, process: census.process }, style, { all }).join('\n')}\n`);
    }
    finish(0);
  });
}
