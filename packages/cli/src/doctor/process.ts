import type { ProcessFacts } from '@firstchance/engine';
import type { Finding, MachineFacts } from './machine.ts';

export interface Method {
  readonly captureMethod: string;
  readonly available: boolean;
  /** Why not; empty when available. */
  readonly why: string;
}

const SNAPSHOTS = ['clone', 'copy', 'stop'] as const;

/** What this machine allows for processes of this user, before any process is looked at. */
export function machineMethods(facts: MachineFacts, engineMissing: string | undefined): Method[] {
  const why =
    engineMissing ??
    (facts.ptraceScope === 3
      ? 'the kernel forbids tracing (yama ptrace_scope 3)'
      : facts.platform !== 'linux'
        ? 'Linux only'
        : '');
  return [
    ...SNAPSHOTS.map((captureMethod) => ({ captureMethod, available: why === '', why })),
    { captureMethod: 'createdump', available: true, why: '' },
  ];
}

/** What may be done with one process, as the engine found by asking the kernel. */
export function processMethods(process: ProcessFacts, hasSocket: boolean): Method[] {
  const { kind } = process.runtime;
  const why =
    kind === 'none' || kind === 'nativeaot'
      ? 'this process has no .NET runtime that could write a dump'
      : hasSocket
        ? ''
        : 'the process has no diagnostics socket that this user can reach';
  return [...process.methods, { captureMethod: 'createdump', available: why === '', why }];
}

/** What stands in the way for one process. */
export function processFindings(process: ProcessFacts, ownUid: number): Finding[] {
  const { runtime, tracerPid, uid, pid } = process;
  const findings: Finding[] = [];
  const add = (what: string, cure: string) => findings.push({ what, cure });
  if (runtime.kind === 'none')
    add(
      `process ${pid} runs no .NET, or not yet`,
      'name the process that a launcher (a shell, dotnet run) started; firstchance ps lists those that run .NET',
    );
  if (runtime.kind === 'nativeaot') {
    add(
      'this is NativeAOT: there are no managed stacks and no managed heap to name',
      'a plain core of it is possible: firstchance dump -ma PID',
    );
  }
  if (runtime.kind === 'mono') add('this is Mono, not CoreCLR', 'run the program on CoreCLR');
  if (runtime.kind === 'single-file' && runtime.dacPath === null) {
    add(
      'this is a single-file program: its debugging library (DAC) is not beside it',
      'dumps work by the fallback; for names publish without PublishSingleFile',
    );
  } else if (runtime.kind === 'coreclr' && runtime.dacPath === null) {
    add(
      `the runtime's debugging library (libmscordaccore.so) is not beside ${runtime.path}`,
      'install the full runtime package; dumps work by the fallback, without names',
    );
  }
  if (runtime.libc === 'musl') {
    add(
      'this process runs on musl (Alpine), which the engine does not support yet',
      'use a glibc image; createdump still works: firstchance dump PID',
    );
  }
  const foreign = uid !== ownUid && ownUid !== 0;
  if (runtime.kind === 'unknown' && !foreign)
    add(`process ${pid} may not be looked at: ${runtime.why ?? ''}`, 'run firstchance as root');
  if (foreign)
    add(`process ${pid} belongs to user ${uid}, not to you (${ownUid})`, 'run firstchance as that user or as root');
  if (tracerPid !== 0)
    add(
      `process ${pid} is traced by process ${tracerPid} already (a debugger?)`,
      'end that one first: a process can have one tracer',
    );
  if (!process.sameMountNamespace) {
    add(
      `process ${pid} runs in a container, seen from outside`,
      'the engine reads its files through /proc; createdump writes inside the container',
    );
  }
  return findings;
}
