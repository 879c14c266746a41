import type { ManifestRecord } from '@firstchance/model';

type Of<K> = Extract<ManifestRecord, { record: K }>;

export const stamp = { schema: 1, session: 's1', time: '2026-11-24T13:05:25.123Z' } as const;

export function problem(what: string, session = 's1'): Of<'problem'> {
  return { record: 'problem', ...stamp, session, what, where: 'here', why: 'because', cure: '' };
}

export function capture(id: string, session = 's1'): Of<'capture'> {
  return {
    ...{ record: 'capture', ...stamp, session, id, pid: 7, test: null, thread: null, exception: null },
    process: { name: 'app', commandLine: ['app'], runtime: '10.0.12', architecture: 'x64' },
    trigger: { kind: 'first-chance', detail: '' },
    ...{ pauseMs: 6.1, captureMethod: 'clone', gc: 'idle', durationMs: 78 },
    dump: { kind: 'heap', path: `captures/${id}/dump.core.zst`, bytes: 3, rawBytes: 9, leftOut: [] },
  };
}
