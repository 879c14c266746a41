#!/usr/bin/env node
import { runMain } from '../dist/bin.js';

await runMain();
