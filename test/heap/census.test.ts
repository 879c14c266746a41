import { expect, test } from 'vitest';
import { firstchance, fixture, temporaryFolder } from '../support/firstchance.ts';
import { HeapTarget } from '../support/heap-target.ts';

interface Totals {
  objects: number;
  bytes: number;
}
