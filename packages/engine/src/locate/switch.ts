import { EngineError } from '../wire/error.ts';

const SWITCH = 'FIRSTCHANCE_NO_ENGINE';

/**
 * Finds the engine unless FIRSTCHANCE_NO_ENGINE is set: then everything is as on a system that has none (macOS, Windows), and
 * can be tested here. @throws EngineError `engine-missing`
 */
export function switchedOn<T>(find: () => T): T {
  const value = process.env[SWITCH] ?? '';
  if (value === '' || value === '0') return find();
  throw new EngineError({
    ...{ code: 'engine-missing', what: 'Looking for the engine', why: `it is switched off (${SWITCH}=${value})` },
    cure: `remove ${SWITCH} from the environment.`,
  });
}
