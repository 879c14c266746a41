import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { HOSTILE } from '../../../packages/report/src/testing/hostile.ts';

/** A session folder of which every name is one of the hostile ones; half of the texts act only in a browser. */
export function writeHostileSession(folder: string): void {
  const stamp = { schema: 1, session: 's', time: '2026-11-25T10:11:12.000Z' };
  const lines: object[] = [];
  for (const [index, [, text]] of HOSTILE.entries()) {
    const id = `${String(index).padStart(4, '0')}-x`;
    const frame = { method: text, module: text, ilOffset: 0, file: text, line: 1 };
    const exception = { type: text, message: text, hresult: 0, inner: [], stack: [frame] };
    const test = { id: `t${index}`, title: [text, text], file: text, line: 1, runner: text, attempt: 1 };
    const type = { type: text, module: text, instances: 1, bytes: 100 };
    const record = {
      ...{
        record: 'capture',
        ...stamp,
        id,
        pid: 7,
        process: { name: text, commandLine: [text], runtime: text, architecture: text },
      },
      ...{
        trigger: { kind: 'unhandled', detail: text },
        test: { ...test, candidates: 1 },
        thread: { osId: 8, name: text },
        exception,
      },
      ...{ pauseMs: 1, captureMethod: 'clone', gc: 'idle', dump: null, durationMs: 1 },
    };
    mkdirSync(path.join(folder, 'captures', id), { recursive: true });
    const detail = {
      threads: [{ osId: 8, managedId: 1, name: text, state: text, stack: [frame], exception }],
      ...{ awaiting: [{ method: text, awaits: [] }], topTypes: [type], modules: [], notes: [text] },
      dominators: [{ type: text, retainedBytes: 5, children: [] }],
    };
    writeFileSync(path.join(folder, 'captures', id, 'capture.json'), JSON.stringify({ ...record, ...detail }));
    lines.push(
      { record: 'test', ...stamp, ...test, state: 'failed', durationMs: 1 },
      record,
      {
        record: 'census',
        ...stamp,
        id: `n${index}`,
        testId: test.id,
        candidates: 1,
        pauseMs: 1,
        left: [type],
        channels: {},
        merged: [],
      },
      { record: 'check', ...stamp, id: text || 'empty', verdict: 'LEAK', reason: text, path: text || 'none' },
      { record: 'problem', ...stamp, what: text, where: text, why: text, cure: text },
    );
  }
  writeFileSync(path.join(folder, 'manifest.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}
