import type { Engine } from '@firstchance/engine';
import { errorText } from '@firstchance/model';
import { harmless, table } from '@firstchance/report';
import { processName } from '@firstchance/target';
import { commonFlags } from '../options/invocation.ts';
import type { Action, CliContext, Invoked } from '../ports.ts';
import { peopleStyle, print } from '../terminal/print.ts';

interface Row {
  pid: number;
  name: string;
  commandLine: readonly string[];
  runtime: string | null;
  captureMethod: string;
  why: string;
}

export function psAction({ command, context, finish }: Invoked): Action {
  return async () => {
    const rows = await listRows(context);
    const style = peopleStyle(context.stdout, context.environment);
    if (commonFlags(command).json) context.stdout.write(`${JSON.stringify(rows)}\n`);
    else if (rows.length === 0) context.stdout.write('no .NET process found (as this user)\n');
    else print(context.stdout, context.environment, table(COLUMNS, rows, style));
    finish(0);
  };
}

const COLUMNS = [
  { title: 'pid', value: (row: Row) => String(row.pid), align: 'right' as const },
  { title: 'name', value: (row: Row) => harmless(row.name), flex: 1 },
  { title: '.NET', value: (row: Row) => harmless(row.runtime ?? '?') },
  { title: 'capture', value: (row: Row) => row.captureMethod },
  { title: 'command line', value: (row: Row) => harmless(row.commandLine.join(' ')), flex: 3 },
];

async function listRows(context: CliContext): Promise<Row[]> {
  const processes = await context.ports.listDotnet();
  // Without an engine the list is still worth having; only the methods are not known then.
  const engine = await context.ports.openEngine().catch(errorText);
  try {
    return await Promise.all(
      processes.map(async ({ pid, commandLine, runtime, hasSocket }) => {
        const method =
          typeof engine === 'string' ? createdump(hasSocket, engine) : await bestMethod(engine, pid, hasSocket);
        return { pid, name: processName(commandLine), commandLine, runtime, ...method };
      }),
    );
  } finally {
    if (typeof engine !== 'string') await engine[Symbol.asyncDispose]();
  }
}

async function bestMethod(
  engine: Engine,
  pid: number,
  hasSocket: boolean,
): Promise<{ captureMethod: string; why: string }> {
  try {
    const { methods } = await engine.inspectProcess(pid);
    const best = methods.find((method) => method.available);
    return best ? { captureMethod: best.captureMethod, why: '' } : createdump(hasSocket, methods[0]?.why ?? '');
  } catch (error) {
    return { captureMethod: 'none', why: errorText(error) };
  }
}

function createdump(hasSocket: boolean, why: string): { captureMethod: string; why: string } {
  return { captureMethod: hasSocket ? 'createdump' : 'none', why };
}
