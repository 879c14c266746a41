/** Where .NET begins to say why it ends a program. */
const FATAL = /^(Unhandled exception\.|Process terminated\.|Fatal error\.)/;
/** Frames and what separates them: forty of them would hide the message above. */
const STACK = /^\s+at |^\s*--- End of /;

/** Characters of a line: what is longer is no sentence. */
const LONGEST = 500;

/**
 * The lines that tell why a program ended: what .NET wrote of an exception that nobody caught, without its stack, else the last that
 * say something. Oldest first.
 */
export function lastWords(text: string, count: number): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const fatal = lines.findLastIndex((line) => FATAL.test(line));
  const telling =
    fatal < 0
      ? lines.slice(-count)
      : lines
          .slice(fatal)
          .filter((line) => !STACK.test(line))
          .slice(0, count);
  return telling.map((line) => (line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line));
}
