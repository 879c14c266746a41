import type * as wire from '@firstchance/engine';
import type { AsyncNode, ExceptionInfo, StackFrame, ThreadInfo } from '@firstchance/model';
import type { EngineCapture } from '../engine-port.ts';

/** Finds file and line of an instruction in a method; null where no symbols tell. */
export interface SourceLocator {
  locate(modulePath: string, token: number, ilOffset: number): Promise<SourceLine | null>;
  /** The await at which a pending async method stands: `token` of its MoveNext, `state` of its state machine. */
  locateAwait(modulePath: string, token: number, state: number): Promise<SourceLine | null>;
}

interface SourceLine {
  file: string;
  line: number;
}

/** The engine's answer with frames as the contract has them: file and line instead of tokens. */
export interface Sourced {
  exception: ExceptionInfo | null;
  threads: ThreadInfo[];
  awaiting: AsyncNode[];
}

/** Adds source lines to every frame. Symbols that cannot be read are no failure: file and line are null then. */
export async function addSourceLines(
  capture: Pick<EngineCapture, 'exception' | 'threads' | 'awaiting'>,
  locator: SourceLocator,
): Promise<Sourced> {
  const known = new Map<string, Promise<SourceLine | null>>();
  const once = (key: string, locate: () => Promise<SourceLine | null>) => {
    const pending = known.get(key) ?? locate().catch(() => null);
    known.set(key, pending);
    return pending;
  };
  const frame = async ({ method, module, modulePath, token, ilOffset }: wire.Frame): Promise<StackFrame> => {
    const source =
      modulePath !== '' && token !== 0 && ilOffset !== null
        ? await once(`${modulePath}\0${token}\0${ilOffset}`, () => locator.locate(modulePath, token, ilOffset))
        : null;
    return { method, module, ilOffset, file: source?.file ?? null, line: source?.line ?? null };
  };
  const stack = (frames: readonly wire.Frame[]) => Promise.all(frames.map(frame));
  const exception = async (found: wire.ExceptionInfo): Promise<ExceptionInfo> => ({
    type: found.type,
    message: found.message,
    hresult: found.hresult,
    inner: await Promise.all(found.inner.map(exception)),
    stack: await stack(found.stack),
  });
  const thread = async (found: wire.ThreadInfo): Promise<ThreadInfo> => ({
    osId: found.osId,
    managedId: found.managedId === 0 ? null : found.managedId,
    name: found.name === '' ? null : found.name,
    state: found.state,
    isFinalizer: found.isFinalizer,
    stack: await stack(found.stack),
    exception: found.exception && (await exception(found.exception)),
  });
  const awaiting = async ({ method, modulePath, token, state, awaits }: wire.AsyncNode): Promise<AsyncNode> => {
    const source =
      modulePath !== '' && token !== 0
        ? await once(`${modulePath}\0${token}\0await ${state}`, () => locator.locateAwait(modulePath, token, state))
        : null;
    return { method, ...source, awaits: await Promise.all(awaits.map(awaiting)) };
  };
  return {
    exception: capture.exception && (await exception(capture.exception)),
    threads: await Promise.all(capture.threads.map(thread)),
    awaiting: await Promise.all(capture.awaiting.map(awaiting)),
  };
}
