#!/usr/bin/env node
import * as module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

// Where Node can (22.1 and newer) it keeps the compiled code, in a folder that only this user writes to.
const { XDG_CACHE_HOME } = process.env;
module.enableCompileCache?.(join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'firstchance'));

const { runMain } = await import('../dist/bin.js');
await runMain();
