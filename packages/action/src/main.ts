import { runEntry } from './entry.ts';
import { armMode } from './modes/arm-mode.ts';
import { reportMode } from './modes/report-mode.ts';
import { runMode } from './modes/run-mode.ts';
import { stepContext } from './step/step-context.ts';

const MODES = { run: runMode, arm: armMode, report: reportMode };

await runEntry(
  async () => {
    const context = stepContext('main');
    await MODES[context.inputs.mode](context);
  },
  { failing: true },
);
