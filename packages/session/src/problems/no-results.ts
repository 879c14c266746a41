import type { Problem } from './problem.ts';

/** Captures are known to belong to tests, and nobody told how these ended. */
export const noResults = (captures: number): Problem => ({
  what: `${captures} ${captures === 1 ? 'capture stays' : 'captures stay'}, whether the test passed or not`,
  where: '',
  why: 'the run left no results that tell how it ended',
  cure: 'on Microsoft.Testing.Platform add the package Microsoft.Testing.Extensions.TrxReport to the test project; else start dotnet test itself with firstchance run, or write a TRX file (--logger trx)',
});
