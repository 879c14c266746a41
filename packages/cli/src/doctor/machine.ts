import { existsSync, readFileSync, statfsSync } from 'node:fs';

/** Something that stands in the way, and what to do about it. */
export interface Finding {
  readonly what: string;
  readonly cure: string;
}

/** What the checks read; a test gives its own. */
export interface MachineFacts {
  readonly platform: string;
  readonly architecture: string;
  /** 0 to 3; undefined where the kernel has no yama. */
  readonly ptraceScope: number | undefined;
  readonly uid: number;
  /** CapEff of /proc/self/status: bit 19 is CAP_SYS_PTRACE. */
  readonly capabilities: bigint;
  /** Seccomp of /proc/self/status: 0 none, 1 strict, 2 filter. */
  readonly seccompMode: number;
  readonly libc: 'glibc' | 'musl';
  readonly glibcVersion: string | undefined;
  readonly container: string | undefined;
  readonly freeBytes: number | undefined;
}

const CAP_SYS_PTRACE = 1n << 19n;
const LITTLE_SPACE = 1_000_000_000;

/** Reads the facts of this machine; `folder` is where dumps would be written. */
export function readMachineFacts(folder: string): MachineFacts {
  const status = read('/proc/self/status');
  const scope = read('/proc/sys/kernel/yama/ptrace_scope').trim();
  const header = (process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined)?.header;
  return {
    platform: process.platform,
    architecture: process.arch,
    ptraceScope: scope === '' ? undefined : Number(scope),
    uid: process.getuid?.() ?? -1,
    capabilities: BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`),
    seccompMode: Number(/^Seccomp:\s*(\d)/m.exec(status)?.[1] ?? 0),
    libc: header?.glibcVersionRuntime === undefined && process.platform === 'linux' ? 'musl' : 'glibc',
    glibcVersion: header?.glibcVersionRuntime,
    container: containerKind(),
    freeBytes: freeBytes(folder),
  };
}

/** Why there can be no engine on this machine, whatever is installed; what the engine itself says then is the same once more. */
export function noEngineHere({ platform, architecture, libc, glibcVersion }: MachineFacts): Finding | undefined {
  if (platform !== 'linux') {
    return {
      what: `this is ${platform}: snapshots of a running process exist on Linux only`,
      cure: "dumps by the runtime's own createdump work here (firstchance dump PID); run the tests on Linux for the rest",
    };
  }
  if (architecture !== 'x64' && architecture !== 'arm64') {
    return {
      what: `the processor is ${architecture}; the engine exists for x64 and arm64`,
      cure: 'run on one of these, or with Node for that architecture when the machine is 64-bit',
    };
  }
  if (libc === 'musl') {
    return {
      what: 'this system uses musl (Alpine and others), which the engine does not support yet',
      cure: 'use an image with glibc, for example mcr.microsoft.com/dotnet/sdk:10.0; dumps by createdump still work here',
    };
  }
  if (glibcVersion !== undefined && olderThan(glibcVersion, 2, 35)) {
    return {
      what: `glibc ${glibcVersion} is older than 2.35, which the engine was built for`,
      cure: 'use Ubuntu 22.04, Debian 12 or newer',
    };
  }
  return undefined;
}

/** What of this machine stands in the way of captures, worst first. */
export function machineFindings(facts: MachineFacts): Finding[] {
  const none = noEngineHere(facts);
  const findings = none === undefined ? [] : [none];
  if (facts.platform !== 'linux') return findings;
  const mayTraceAll = (facts.capabilities & CAP_SYS_PTRACE) !== 0n;
  if (facts.ptraceScope === 3) {
    findings.push({
      what: 'the kernel forbids tracing for everybody (kernel.yama.ptrace_scope is 3)',
      cure: 'set it to 1 in /etc/sysctl.d and restart the machine: 3 cannot be taken back while it runs',
    });
  } else if (facts.ptraceScope === 2 && !mayTraceAll) {
    findings.push({
      what: 'tracing needs CAP_SYS_PTRACE here (kernel.yama.ptrace_scope is 2)',
      cure: 'run firstchance as root, or: sudo sysctl kernel.yama.ptrace_scope=1',
    });
  }
  if (facts.freeBytes !== undefined && facts.freeBytes < LITTLE_SPACE) {
    findings.push({
      what: `only ${Math.round(facts.freeBytes / 1e6)} MB are free where dumps are written`,
      cure: 'free some space, or write elsewhere with -x FOLDER',
    });
  }
  return findings;
}

function olderThan(version: string, major: number, minor: number): boolean {
  const [a = 0, b = 0] = version.split('.').map(Number);
  return a < major || (a === major && b < minor);
}

/** "docker", "podman", "kubernetes", …; undefined outside of any. */
function containerKind(): string | undefined {
  if (process.env.KUBERNETES_SERVICE_HOST !== undefined) return 'kubernetes';
  if (existsSync('/.dockerenv')) return 'docker';
  if (existsSync('/run/.containerenv')) return 'podman';
  return /\b(docker|kubepods|containerd|lxc)\b/.exec(read('/proc/1/cgroup'))?.[1];
}

function freeBytes(folder: string): number | undefined {
  for (let path = folder; ; path = path.replace(/\/[^/]*$/, '') || '/') {
    try {
      const { bavail, bsize } = statfsSync(path);
      return bavail * bsize;
    } catch {
      // The folder may not exist yet: its nearest parent is on the same disk.
      if (path === '/' || path === '') return undefined;
    }
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
