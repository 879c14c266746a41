// What a long step is at: a line that is rewritten on a terminal, a line now and then elsewhere (CI ends silent jobs).
import { stripVTControlCharacters } from 'node:util';

const silenceMs = 30_000;
const terminal = process.stdout.isTTY === true;
let latest = '';

/** Shows `name` until `end` is called with the line that stays. */
export function progress(name) {
  const start = performance.now();
  latest = '';
  process.stdout.write(terminal ? `${name} …` : `${name} …\n`);
  const timer = setInterval(
    () => {
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      const line = `${terminal ? name : '  …'} ${seconds} s ${latest}`;
      process.stdout.write(terminal ? `\r\u001b[K${cut(line)}` : `${cut(line)}\n`);
    },
    terminal ? 500 : silenceMs,
  );
  return {
    end(line) {
      clearInterval(timer);
      process.stdout.write(`${terminal ? '\r\u001b[K' : ''}${line}\n`);
    },
  };
}

/** Tells what the running step is at. */
progress.line = (line) => {
  latest = stripVTControlCharacters(line).replace(/\s+/g, ' ').trim();
};

const cut = (line) => line.slice(0, (process.stdout.columns ?? 120) - 1);
