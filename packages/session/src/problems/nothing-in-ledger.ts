import type { Problem } from './problem.ts';

/** A ledger was asked for, and nothing ran that tells of its tests. */
export const NOTHING_IN_LEDGER: Problem = {
  what: '--ledger had no effect',
  where: '',
  why: 'no test told when it started: of dotnet test only those of xunit do (NUnit and MSTest do not), of others those of an adapter',
  cure: 'ask in a test, with Growth.ExpectNone of FirstChance.Testing, or of the whole program, with firstchance check',
};
