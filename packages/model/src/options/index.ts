/* Options and wrong usage without the schemas of results: a command line that is only parsed needs no more, and starts sooner. */
export { UsageError } from '../errors/firstchance-error.ts';
export * from './definition.ts';
export { nearest } from './nearest.ts';
export { normaliseArguments } from './normalise.ts';
export { CONFIGURABLE, findOption, OPTIONS, optionsOf } from './table.ts';
export * from './values.ts';
