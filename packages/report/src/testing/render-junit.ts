import { Junit } from '../junit/junit.ts';
import { MemorySpool } from '../junit/spool.ts';
import type { ReadModel } from '../read-model/read-model.ts';

/** The document of a session that is in memory as a whole. */
export function renderJunit(model: ReadModel): string {
  const junit = new Junit(new MemorySpool());
  junit.add(model);
  return [...junit.document()].join('');
}
