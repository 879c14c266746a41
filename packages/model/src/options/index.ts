/* Options and wrong usage without the schemas of results: a command line that is only parsed needs no more, and starts sooner. */
export { FirstchanceError, UsageError } from '../errors/firstchance-error.ts';
export { errorCode, errorText } from '../errors/read-error.ts';
export { EXIT } from '../exit-codes.ts';
export { advice, ELSEWHERE, type Reader } from '../text/advice.ts';
export { IN_PROJECT } from '../text/in-project.ts';
export { lastWords } from '../text/last-words.ts';
export { wildcardMatcher } from '../text/wildcard.ts';
export * from './definition.ts';
export { nameHint, nearest } from './nearest.ts';
export { normaliseArguments } from './normalise.ts';
export { CONFIGURABLE, findOption, OPTIONS, optionsOf } from './table.ts';
export * from './values.ts';
