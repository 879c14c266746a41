import type { Annotation } from './annotations.ts';

/** GitHub shows at most so many of each level per step, and drops the rest without a word. */
const MOST_PER_LEVEL = 10;
const NAMES = { error: 'error', warning: 'warning', note: 'notice' } as const;

/** Workflow commands for standard output, "::error file=Cart.cs,line=40,title=…::message", one per line. */
export function workflowCommands(annotations: readonly Annotation[]): string[] {
  const used = { error: 0, warning: 0, note: 0 };
  return annotations.flatMap(({ level, title, message, file, line }) => {
    used[level] += 1;
    if (used[level] > MOST_PER_LEVEL) return [];
    const properties = [
      ...(file === null ? [] : [`file=${property(file)}`]),
      ...(file === null || line === null ? [] : [`line=${line}`]),
      `title=${property(title)}`,
    ];
    return [`::${NAMES[level]} ${properties.join(',')}::${data(message)}`];
  });
}

/* The runner's own escapes (actions/toolkit, packages/core/src/command.ts). */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
