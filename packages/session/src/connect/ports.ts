import type { EngineProcessOptions } from '@firstchance/engine';
import { ManifestWriter } from '@firstchance/manifest';
import { readTestMethods } from '@firstchance/symbols';
import type { SessionPorts } from '../ports.ts';
import { withCreations } from './creations-namer.ts';
import { describeProcess } from './describe.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { startSessionEngine } from './engine.ts';
import { pdbLocator } from './locator.ts';
import { heapNamer } from './namer.ts';

/** The real ports: the native engine, the runtime's diagnostics, portable PDBs, the manifest. */
export function connectSessionPorts(options: EngineProcessOptions = {}): SessionPorts {
  return {
    startEngine: (listener) => startSessionEngine(listener, options),
    dumper: {
      writeDump: async (pid, path, kind) => {
        await (await diagnosticsOf(pid)).writeDump({ path, kind });
      },
    },
    attachAgent: async (pid, { clsid, path, data }) => {
      const client = await diagnosticsOf(pid);
      await client.attachProfiler({ clsid: clsid.replace(/[{}]/g, ''), path, data });
    },
    describe: describeProcess,
    locator: pdbLocator(),
    testMethods: readTestMethods,
    namer: withCreations(heapNamer),
    openSink: (folder) => ManifestWriter.open(folder),
  };
}
