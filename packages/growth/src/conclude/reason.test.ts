import { expect, it } from 'vitest';
import { reasonOf } from './reason.ts';

it('says sizes as people read them', () => {
  const least = {
    instancesPerOperation: 0.0112,
    managedBytesPerOperation: 67.4,
    nativeBytesPerOperation: 126_300,
  };
  expect(reasonOf({ verdict: 'PASS', growth: [], unsure: [], verifiedOperations: 276, minimumDetectable: least })).toBe(
    'Nothing grows with the operations: verified to 276 operations, smallest leak it could see 0.011 objects, 67 B managed, 126 kB native per operation.',
  );
});
