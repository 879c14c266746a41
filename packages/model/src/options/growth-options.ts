import type { OptionDefinition } from './definition.ts';

/** Of growth checks. */
export const GROWTH_OPTIONS: readonly OptionDefinition[] = [
  {
    name: 'thorough',
    type: 'switch',
    default: false,
    group: 'Growth',
    commands: ['check'],
    description: 'Measure until the verdict is certain, for nightly runs; without it the quick mode.',
  },
  {
    name: 'onInconclusive',
    type: 'choice',
    choices: ['fail', 'warn'],
    group: 'Growth',
    commands: ['check'],
    description: 'What an inconclusive check does; without it warn in quick mode and fail in thorough mode.',
  },
];
