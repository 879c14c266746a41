import type { ExceptionInfo, StackFrame } from '@firstchance/model';
import { isOwnCode, ownFrames } from './own-code.ts';

/** "Cart.cs:40", the module where no symbols tell. */
export function frameSource({ file, line, module }: Pick<StackFrame, 'file' | 'line'> & Partial<StackFrame>): string {
  if (file === null) return module ?? '';
  const name = file.split(/[\\/]/).at(-1) ?? file;
  return line === null ? name : `${name}:${line}`;
}

/** A stack as plain lines; "▸" stands before own code. */
export function stackText(stack: readonly StackFrame[], most: number): string[] {
  const frames = ownFrames(stack);
  const lines = frames.slice(0, most).map((frame) => {
    const source = frameSource(frame);
    return `${isOwnCode(frame) ? '▸' : ' '} at ${frame.method}${source === '' ? '' : `  ${source}`}`;
  });
  return frames.length > most ? [...lines, `  … ${frames.length - most} more frames`] : lines;
}

/** An exception with all it wraps, as plain lines. */
export function exceptionText(exception: ExceptionInfo, most: number, depth = 0): string[] {
  const title = `${depth > 0 ? 'inner: ' : ''}${exception.type}${exception.message === null ? '' : `: ${exception.message}`}`;
  const inner = depth < 8 ? exception.inner.slice(0, 8).flatMap((one) => exceptionText(one, most, depth + 1)) : [];
  return [title, ...stackText(exception.stack, most), ...inner];
}
