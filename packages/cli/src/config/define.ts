/** What a configuration file may say: the keys of docs/options.md; times and sizes as people write them. */
export type FirstchanceConfig = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** For `firstchance.config.ts`: gives the editor something to check. */
export function defineConfig(config: FirstchanceConfig): FirstchanceConfig {
  return config;
}
