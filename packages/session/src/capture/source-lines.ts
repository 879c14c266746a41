import type { AsyncNode, ExceptionInfo, StackFrame, ThreadInfo } from '../contract.ts';
import type { EngineCapture, WireAsync, WireException, WireFrame, WireThread } from '../engine-port.ts';

/** Finds file and line of an instruction in a method; null where no symbols tell. */
export interface SourceLocator {
  locate(modulePath: string, token: number, ilOffset: number): Promise<{ file: string; line: number } | null>;
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
  const known = new Map<string, Promise<{ file: string; line: number } | null>>();
  const frame = async (wire: WireFrame): Promise<StackFrame> => {
    const { method, module, modulePath, token, ilOffset } = wire;
    let source: { file: string; line: number } | null = null;
    if (modulePath !== null && token !== null && ilOffset !== null) {
      const key = `${modulePath}\0${token}\0${ilOffset}`;
      const pending = known.get(key) ?? locator.locate(modulePath, token, ilOffset).catch(() => null);
      known.set(key, pending);
      source = await pending;
    }
    return { method, module, ilOffset, file: source?.file ?? null, line: source?.line ?? null };
  };
  const stack = (frames: WireFrame[]) => Promise.all(frames.map(frame));
  const exception = async (wire: WireException): Promise<ExceptionInfo> => ({
    type: wire.type,
    message: wire.message,
    hresult: wire.hresult,
    inner: await Promise.all(wire.inner.map(exception)),
    stack: await stack(wire.stack),
  });
  const thread = async (wire: WireThread): Promise<ThreadInfo> => ({
    osId: wire.osId,
    managedId: wire.managedId,
    name: wire.name,
    state: wire.state,
    isFinalizer: wire.isFinalizer,
    stack: await stack(wire.stack),
    exception: wire.exception && (await exception(wire.exception)),
  });
  const awaiting = (wire: WireAsync): AsyncNode => ({ method: wire.method, awaits: wire.awaits.map(awaiting) });
  return {
    exception: capture.exception && (await exception(capture.exception)),
    threads: await Promise.all(capture.threads.map(thread)),
    awaiting: capture.awaiting.map(awaiting),
  };
}
