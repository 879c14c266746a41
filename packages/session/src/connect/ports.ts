import type { EngineProcessOptions } from '@firstchance/engine';
import type { SessionPorts } from '../ports.ts';
import { describeProcess } from './describe.ts';
import { startSessionEngine } from './engine.ts';
import { fileSink } from './file-sink.ts';

/** The real ports: the native engine, the runtime's diagnostics, portable PDBs, the manifest. */
export function connectSessionPorts(options: EngineProcessOptions = {}): SessionPorts {
  return {
    startEngine: (listener) => startSessionEngine(listener, options),
    dumper: { writeDump: unavailable('createdump') },
    attachAgent: unavailable('attaching'),
    describe: describeProcess,
    locator: { locate: async () => null },
    openSink: fileSink,
  };
}

/** BRIDGE until the diagnostics client is there. */
function unavailable(what: string): () => Promise<never> {
  return () => Promise.reject(Object.assign(new Error(what), { why: `${what} is not built in yet`, cure: '' }));
}
