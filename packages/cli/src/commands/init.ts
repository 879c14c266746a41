import { applyInit, planInit } from '../init/plan.ts';
import { commonFlags } from '../options/invocation.ts';
import type { Action, Invoked } from '../ports.ts';

export function initAction({ command, context, finish }: Invoked): Action {
  return () => {
    const dryRun = command.opts<{ dryRun?: boolean }>().dryRun === true;
    const plan = planInit(context.folder);
    if (!dryRun) applyInit(context.folder, plan);
    if (commonFlags(command).json) {
      const changes = plan.changes.map(({ file, action, summary }) => ({ file, action, summary }));
      context.stdout.write(`${JSON.stringify({ schema: 1, dryRun, runners: plan.runners, changes })}\n`);
    } else context.stdout.write(`${describe(plan, dryRun).join('\n')}\n`);
    finish(0);
  };
}

function describe({ runners, adapted, changes }: ReturnType<typeof planInit>, dryRun: boolean): string[] {
  const lines = runners.map((runner) => `found ${runner.name} (${runner.evidence})`);
  if (runners.length === 0)
    lines.push('found no test runner here (looked for jest, vitest, playwright and .NET test projects)');
  for (const { file, action, summary } of changes) {
    const verb = dryRun ? `would ${action}` : action === 'create' ? 'created' : 'changed';
    lines.push(`${verb} ${file}: ${summary}`);
  }
  if (changes.length === 0) lines.push('nothing to do: everything is there');
  for (const { name, command } of runners) {
    // By npx: where it was installed into the project, the shell does not find it.
    lines.push(`try: ${adapted.includes(name) ? '' : 'npx firstchance run -- '}${command}`);
  }
  return lines;
}
