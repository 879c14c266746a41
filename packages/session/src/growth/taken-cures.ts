/** What usually helps where something that a program takes is not given back, and nobody can say which object has it. */
const CURES: Readonly<Record<string, string>> = {
  threads:
    'Let each thread end, or give what it waits for a limit; a thread that is blocked keeps its stack and all that is on it.',
  sockets: 'Dispose each socket or connection, also when the other side has closed it.',
  fileDescriptors:
    'Dispose what was opened (using), on every way out; what native code opens has a function that closes.',
  handles:
    'Free each handle (GCHandle.Free), or keep one for all operations: a pinned buffer, an object and a delegate that native code is given have one each.',
  mappings:
    'Dispose what maps memory: views of mapped files, load contexts, libraries (NativeLibrary.Free); what native code maps it must unmap.',
};

export function takenCure(channel: string): { readonly cure?: string } {
  const cure = CURES[channel];
  return cure === undefined ? {} : { cure };
}
