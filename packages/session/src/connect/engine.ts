import { EngineProcess, type EngineProcessOptions } from '@firstchance/engine';
import type { EngineListener, SessionEngine } from '../engine-port.ts';

/** Starts the engine and connects it to a session. @throws EngineError `engine-missing` or `engine-died` */
export async function startSessionEngine(
  listener: EngineListener,
  options: EngineProcessOptions = {},
): Promise<SessionEngine> {
  const engine = await EngineProcess.start(options);
  engine.onDecide((request) => listener.decide(request));
  engine.on('capture/done', ({ captureToken, result, error, pid }) => {
    listener.captureDone(captureToken, result ? { result } : { error }, pid);
  });
  engine.on('capture/progress', ({ captureToken, value }) => listener.captureProgress(captureToken, value));
  engine.on('agents/connected', (event) => listener.agentConnected(event));
  engine.on('agents/disconnected', ({ pid }) => listener.agentDisconnected(pid));
  engine.on('agents/exception', (event) => listener.exception(event));
  engine.on('agents/test', (event) => listener.test(event));
  engine.on('agents/skipped', (event) => listener.skipped(event));
  engine.on('log', ({ level, text }) => listener.log(level, text));
  engine.onDied((reason) => listener.died(reason));
  return {
    version: engine.hello.version,
    agentPath: engine.hello.agentPath,
    take: (request, callOptions) => engine.take(request, callOptions),
    arm: (request) => engine.arm(request),
    disarm: () => engine.disarm(),
    cancel: () => engine.cancel(),
    inspectDump: (file) => engine.inspectDump(file, { topTypes: false }),
    census: (request, callOptions) => engine.census(request, callOptions),
    collect: (pid, callOptions) => engine.collect(pid, callOptions),
    sampling: {
      start: (pid, callOptions) => engine.startSampling(pid, callOptions),
      report: (pid, callOptions) => engine.reportSurvivors(pid, callOptions),
      stop: (pid, callOptions) => engine.stopSampling(pid, callOptions),
    },
    nativeSampling: {
      start: (pid, callOptions) => engine.startNativeSampling(pid, callOptions),
      report: (pid, callOptions) => engine.reportNative(pid, callOptions),
      stop: (pid, callOptions) => engine.stopNativeSampling(pid, callOptions),
    },
    attachPayload: () => engine.attachPayload(),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}
