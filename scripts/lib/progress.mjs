// What long steps are at: a line that is rewritten on a terminal, a line now and then elsewhere (CI ends silent jobs).
import { stripVTControlCharacters } from 'node:util';

const silenceMs = 30_000;
const terminal = process.stdout.isTTY === true;
/** The steps under way, in the order in which they began: two where one of them waits for the network. */
const running = [];
let latest = '';
let timer;

/** Shows `name` until `end` is called with the line that stays. */
export function progress(name) {
  const step = { name, start: performance.now() };
  running.push(step);
  latest = '';
  if (terminal) show();
  else process.stdout.write(`${name} …\n`);
  timer ??= setInterval(show, terminal ? 500 : silenceMs);
  return {
    end(line) {
      running.splice(running.indexOf(step), 1);
      process.stdout.write(`${terminal ? '\r\u001b[K' : ''}${line}\n`);
      if (running.length > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}

/** Tells what a running step is at. */
progress.line = (line) => {
  latest = stripVTControlCharacters(line).replace(/\s+/g, ' ').trim();
};

function show() {
  const seconds = (start) => `${((performance.now() - start) / 1000).toFixed(0)} s`;
  const line = `${running.map(({ name, start }) => `${name} ${seconds(start)}`).join(', ')} ${latest}`;
  process.stdout.write(
    terminal ? `\r\u001b[K${cut(line)}` : `  … ${cut(stripVTControlCharacters(line).replaceAll('▸ ', ''))}\n`,
  );
}

const cut = (line) => line.slice(0, (process.stdout.columns ?? 120) - 1);
