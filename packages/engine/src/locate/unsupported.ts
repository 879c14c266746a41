/** What decides whether there is an engine for a machine. */
export interface Machine {
  /** As Node says it: linux, darwin, win32. */
  readonly platform: string;
  /** As Node says it: x64, arm64. */
  readonly architecture: string;
  /** False on Alpine and others whose C library is musl. */
  readonly glibc: boolean;
}

/** Why there can be no engine for a machine; null when there is one. */
export function unsupported({ platform, architecture, glibc }: Machine): string | null {
  if (platform !== 'linux') return `it exists for Linux only, this is ${platform}`;
  if (architecture !== 'x64' && architecture !== 'arm64') return `it exists for x64 and arm64, this is ${architecture}`;
  if (!glibc) return 'it needs glibc, and the C library of this system is another one (musl, as on Alpine)';
  return null;
}

/** The machine we run on. Takes a while: Node's report is what names the C library, and nothing else does. */
export function thisMachine(): Machine {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return {
    ...{ platform: process.platform, architecture: process.arch },
    glibc: header?.glibcVersionRuntime !== undefined,
  };
}
