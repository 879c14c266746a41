/** Words that mean the same with a shell and without one. */
const PLAIN = /^[\w@%+:,./-][\w@%+=:,./-]*(?:[ \t]+[\w@%+=:,./-]+)*$/;

/**
 * The input `run` as a command. One line of plain words is started as it is; anything else by bash, with the options that a
 * run step with `shell: bash` has.
 */
export function commandWords(run: string): string[] {
  const text = run.trim();
  if (PLAIN.test(text)) return text.split(/[ \t]+/);
  return ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', text];
}
