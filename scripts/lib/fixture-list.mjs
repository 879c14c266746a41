/** The programs that `npm start` shows. */
export const demoFixtures = ['throw-loop'];

/** All programs that the tests run. */
export const testFixtures = [
  'throw-loop',
  'throw-many',
  'hang',
  'crash',
  'heap',
  'children',
  'exit-codes',
  'web',
  'dump-reader',
];

/** Test projects that `dotnet test` runs under firstchance. */
export const testProjects = ['xunit-v2', 'xunit-v3', 'nunit', 'mstest'];
