/** A command of the diagnostics IPC protocol: set and id (dotnet/diagnostics ipc-protocol.md, "Commands"). */
export interface Command {
  readonly set: number;
  readonly id: number;
  readonly name: string;
}

const command = (set: number, id: number, name: string): Command => ({ set, id, name });

export const COMMANDS = {
  generateCoreDump: command(0x01, 0x01, 'GenerateCoreDump'),
  generateCoreDump2: command(0x01, 0x02, 'GenerateCoreDump2'),
  generateCoreDump3: command(0x01, 0x03, 'GenerateCoreDump3'),
  stopTracing: command(0x02, 0x01, 'StopTracing'),
  collectTracing: command(0x02, 0x02, 'CollectTracing'),
  collectTracing2: command(0x02, 0x03, 'CollectTracing2'),
  collectTracing3: command(0x02, 0x04, 'CollectTracing3'),
  collectTracing4: command(0x02, 0x05, 'CollectTracing4'),
  collectTracing5: command(0x02, 0x06, 'CollectTracing5'),
  attachProfiler: command(0x03, 0x01, 'AttachProfiler'),
  startupProfiler: command(0x03, 0x02, 'StartupProfiler'),
  processInfo: command(0x04, 0x00, 'ProcessInfo'),
  resumeRuntime: command(0x04, 0x01, 'ResumeRuntime'),
  processEnvironment: command(0x04, 0x02, 'ProcessEnvironment'),
  setEnvironmentVariable: command(0x04, 0x03, 'SetEnvironmentVariable'),
  processInfo2: command(0x04, 0x04, 'ProcessInfo2'),
  enablePerfMap: command(0x04, 0x05, 'EnablePerfMap'),
  disablePerfMap: command(0x04, 0x06, 'DisablePerfMap'),
  applyStartupHook: command(0x04, 0x07, 'ApplyStartupHook'),
  processInfo3: command(0x04, 0x08, 'ProcessInfo3'),
} as const;
