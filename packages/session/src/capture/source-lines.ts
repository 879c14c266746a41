import type * as wire from '@firstchance/engine';
import type { AsyncNode, ExceptionInfo, StackFrame, ThreadInfo } from '@firstchance/model';
import type { EngineCapture } from '../engine-port.ts';

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
  const frame = async ({ method, module, modulePath, token, ilOffset }: wire.Frame): Promise<StackFrame> => {
    let source: { file: string; line: number } | null = null;
    if (modulePath !== '' && token !== 0 && ilOffset !== null) {
      const key = `${modulePath}\0${token}\0${ilOffset}`;
      const pending = known.get(key) ?? locator.locate(modulePath, token, ilOffset).catch(() => null);
      known.set(key, pending);
      source = await pending;
    }
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
  const awaiting = (node: wire.AsyncNode): AsyncNode => ({ method: node.method, awaits: node.awaits.map(awaiting) });
  return {
    exception: capture.exception && (await exception(capture.exception)),
    threads: await Promise.all(capture.threads.map(thread)),
    awaiting: capture.awaiting.map(awaiting),
  };
}
