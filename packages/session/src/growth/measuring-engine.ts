import { collectGarbage } from '../collect/collect-garbage.ts';
import type { SessionEngine } from '../engine-port.ts';
import type { MeasuringEngine } from './ports.ts';

/** The session's engine as measuring sees it; undefined when there is none. */
export function measuringEngine(engine: SessionEngine | undefined): MeasuringEngine | undefined {
  if (!engine) return undefined;
  return {
    census: (request, options) => engine.census(request, options),
    collect: (pid, options) => collectGarbage(pid, { engine, ...options }),
    ...(engine.sampling ? { sampling: engine.sampling } : {}),
    ...(engine.nativeSampling ? { nativeSampling: engine.nativeSampling } : {}),
  };
}
