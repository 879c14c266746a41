import { EngineProcess } from '@firstchance/engine';
import { connectSessionPorts } from '@firstchance/session';
import { listDotnetProcesses } from './dotnet-list.ts';
import type { CliPorts } from './ports.ts';
import { readReportPage } from './report/page.ts';

/** The real world: native engine, the runtime's diagnostics, portable PDBs. */
export function connectPorts(environment: NodeJS.ProcessEnv): CliPorts {
  const logFile = environment.FIRSTCHANCE_LOG;
  const options = logFile === undefined || logFile === '' ? {} : { logFile };
  return {
    session: connectSessionPorts(options),
    openEngine: () => EngineProcess.start(options),
    reportPage: readReportPage,
    listDotnet: listDotnetProcesses,
  };
}
