import { readSession } from '@firstchance/manifest';
import {
  type JoinedPart,
  type Junit,
  joinPart,
  type Limits,
  type ReadModel,
  ReadModelBuilder,
} from '@firstchance/report';

/**
 * Reads a session folder into what renderers draw: a part at a time, and of each what they show.
 * @param junit told every part too: its document has all tests
 * @throws FirstchanceError when it cannot be read at all
 */
export async function readReport(
  folder: string,
  { limits, junit }: { limits?: Limits; junit?: Pick<Junit<unknown>, 'add'> } = {},
): Promise<ReadModel> {
  const builder = new ReadModelBuilder(limits);
  for await (const { part, unreadable } of joinedParts(folder)) {
    builder.add(part, unreadable());
    junit?.add(part);
  }
  return builder.model();
}

/** Reads a session folder into a JUnit document alone. @throws FirstchanceError when it cannot be read at all */
export async function readJunit(folder: string, junit: Pick<Junit<unknown>, 'add'>): Promise<void> {
  for await (const { part } of joinedParts(folder)) junit.add(part);
}

async function* joinedParts(folder: string): AsyncGenerator<{ part: JoinedPart; unreadable: () => string[] }> {
  for await (const { manifest, detail, check, unreadable } of readSession(folder))
    yield { part: joinPart({ records: manifest.records, detail, check }), unreadable };
}
