export {
  type AttachOptions,
  attach,
  type CheckedGrowth,
  checkGrowth,
  type DumpOptions,
  dump,
  expectNoGrowth,
  GrowthError,
  type GrowthOperation,
  type GrowthOptions,
  type GrowthTarget,
  type RunOptions,
  run,
} from './api.ts';
export { defineConfig, type FirstchanceConfig } from './config/define.ts';
