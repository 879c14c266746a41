import type { CaptureEntry, CheckEntry, ReadModel } from '../read-model/read-model.ts';

/** `report --json`: the read model as one JSON document, entry by entry, since captures come with their capture.json. */
export function* renderJson(model: ReadModel): Generator<string> {
  yield '{"schema":1';
  for (const [name, value] of Object.entries(model)) {
    yield `,${JSON.stringify(name)}:`;
    if (name === 'captures') yield* list(model.captures, captureEntry);
    else if (name === 'checks') yield* list(model.checks, checkEntry);
    else if (Array.isArray(value)) yield* list(value as readonly unknown[], (entry) => entry);
    else yield JSON.stringify(value);
  }
  yield '}\n';
}

function* list<Entry>(entries: readonly Entry[], toJson: (entry: Entry) => unknown): Generator<string> {
  let comma = '';
  yield '[';
  for (const entry of entries) {
    yield `${comma}${JSON.stringify(toJson(entry))}`;
    comma = ',';
  }
  yield ']';
}

function captureEntry({ record, detail, testState }: CaptureEntry) {
  return { record, detail: detail(), testState };
}

function checkEntry({ record, check }: CheckEntry) {
  return { record, check: check() };
}
