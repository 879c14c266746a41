import type { StackFrame } from '@firstchance/model';

/** Assemblies that are the platform or a test framework: what a person did not write and rarely wants to read. */
const PLUMBING_MODULE =
  /^(?:System|Microsoft|mscorlib|netstandard|WindowsBase|xunit|nunit\d*|MSTest(?:Adapter)?|TUnit|testhost|Castle)(?:\.|$)/i;
const PLUMBING_METHOD = /^(?:System|Microsoft|Internal|Interop|Xunit|NUnit|TUnit)(?:\.|$)/;
/** The runtime's own marks ("[InlinedCallFrame]"). */
const MARK = /^\[.*\]$/;

/** True for a frame of the program or its libraries: neither runtime, platform nor test framework. */
export function isOwnCode({ method, module }: StackFrame): boolean {
  if (MARK.test(method)) return false;
  return module === null || module === '' ? !PLUMBING_METHOD.test(method) : !PLUMBING_MODULE.test(module);
}

/** True when some frame is of the program: such a stack tells more than others. */
export function hasOwnCode(stack: readonly StackFrame[]): boolean {
  return stack.some(isOwnCode);
}

/** The frame to blame first: the newest of own code; undefined when the stack has none. */
export function ownFrame(stack: readonly StackFrame[]): StackFrame | undefined {
  return stack.find(isOwnCode);
}

/** True for a type of the program: what stands first where types are listed. */
export function isOwnType(type: string, module: string | null): boolean {
  return module === null || module === '' ? !PLUMBING_METHOD.test(type) : !PLUMBING_MODULE.test(module);
}

/** Without the runtime's own marks ("[InlinedCallFrame]") and its exception machinery, which stand in every stack of a throw. */
export function ownFrames(frames: readonly StackFrame[]): StackFrame[] {
  return frames.filter(({ method }) => !/^\[.*\]$/.test(method) && !/^System\.Runtime\.EH\./.test(method));
}
