export { type AttachOptions, attach, type DumpOptions, dump, type RunOptions, run } from './api.ts';
export { defineConfig, type FirstchanceConfig } from './config/define.ts';
