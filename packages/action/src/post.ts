import { runEntry } from './entry.ts';
import { postMode } from './modes/post-mode.ts';
import { stepContext } from './step/step-context.ts';

await runEntry(() => postMode(stepContext('post')), { failing: false });
