// An engine that behaves or misbehaves as its first argument says, speaking docs/engine-rpc.md over its standard streams.
// Plain JavaScript without packages: it is started by Node as it is.
import { closeSync, writeSync } from 'node:fs';

const [mode = 'normal', note = ''] = process.argv.slice(2);

function write(message) {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message });
  writeSync(1, `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

const hello = { version: '0.1.0', pid: process.pid, architecture: 'x64', libc: 'glibc 2.36', agentPath: '/a.so' };

const capture = (pid) => ({
  pid,
  process: { name: 'app', commandLine: ['app'], runtime: '10.0.12', architecture: 'x64', runtimeKind: 'coreclr' },
  pauseMs: 6.1,
  captureMethod: 'clone',
  gc: 'idle',
  gcRetries: 0,
  durationMs: 78,
  timings: { stopMs: 1, futureMs: 2 },
  exception: null,
  threads: [],
  awaiting: [],
  topTypes: null,
  modules: [],
  dump: { kind: 'heap', file: 'dump.core.zst', bytes: 3, rawBytes: 9, leftOut: [] },
  notes: [],
});

const wireError = (code) => ({
  code: -32000,
  message: 'Tracing process 7: not permitted. Run as root',
  data: { code, what: 'Tracing process 7', why: 'not permitted', cure: 'Run as root', errno: 1 },
});

const decided = new Map();
let nextId = 100;

function ask(request) {
  const id = nextId++;
  write({ id, method: 'capture/decide', params: request });
  return new Promise((resolve) => decided.set(id, resolve));
}

const decideRequest = {
  captureToken: 'agent-1',
  pid: 7,
  threadId: 8,
  trigger: { kind: 'first-chance', detail: '' },
  pauseMs: 6.1,
  captureMethod: 'clone',
  gc: 'idle',
  exception: { type: 'X', message: null, hresult: -1, address: '0x1', frames: [] },
  test: null,
};

async function answer({ id, method, params }) {
  const result = (value) => write({ id, result: value });
  switch (method) {
    case 'engine/hello':
      if (mode === 'mute') return;
      if (mode === 'old') return result({ version: 1 });
      return result(hello);
    case 'capture/take':
      return take(id, params, result);
    case 'process/inspect':
      if (mode === 'unknown-method') return write({ id, error: { code: -32601, message: 'no such method' } });
      return write({ id, error: wireError('permission-denied') });
    case 'dump/unpack':
      return result({ bytes: 9 });
    case 'agents/arm':
      await arm();
      return result({});
    case 'agents/disarm':
      return result({ matched: 1, captured: 1, skipped: 0, dropped: 0 });
    case 'agents/attachPayload':
      return result({ clsid: '{1}', path: '/a.so', dataBase64: 'AQI=' });
    default:
      write({ id, error: { code: -32601, message: `no such method: ${method}` } });
  }
}

const cancelled = new Map();

function take(id, params, result) {
  const progress = (value) =>
    params.progressToken && write({ method: '$/progress', params: { token: params.progressToken, value } });
  switch (mode) {
    case 'slow':
      cancelled.set(id, () => write({ id, error: wireError('cancelled') }));
      return progress({ phase: 'stop' });
    case 'crash':
      writeSync(2, 'free(): invalid pointer\n');
      return process.kill(process.pid, 'SIGABRT');
    case 'last-words':
      // The answer and the end at once: the answer must not be lost.
      result(capture(params.pid));
      return process.exit(0);
    case 'garbage':
      return writeSync(1, 'Segmentation fault somewhere\r\n\r\n');
    case 'no-json':
      return writeSync(1, 'Content-Length: 5\r\n\r\n{nope');
    case 'half':
      writeSync(1, 'Content-Length: 500\r\n\r\n{"jsonrpc"');
      return process.exit(3);
    case 'closes-output':
      // Stays alive, as an engine would whose output was closed by mistake.
      return closeSync(1);
    case 'wrong-shape':
      return result({ ...capture(params.pid), pauseMs: 'long' });
    default:
      progress({ phase: 'stop' });
      progress({ phase: 'dreaming' });
      progress({ phase: 'resumed', pauseMs: 6.1 });
      return result(capture(params.pid));
  }
}

async function arm() {
  write({ method: 'agents/connected', params: { pid: 7, runtime: '10.0.12', how: 'startup' } });
  write({ method: 'agents/disconnected', params: { pid: 'seven' } });
  if (mode === 'bad-done') write({ method: 'capture/done', params: { captureToken: 'agent-1', result: { pid: 7 } } });
  const decision = await ask(mode === 'bad-ask' ? { captureToken: 'agent-1' } : decideRequest);
  write({ method: 'log', params: { level: 'info', text: JSON.stringify(decision) } });
}

if (note !== '') writeSync(2, `${note}\n`);
process.on('SIGTERM', () => {
  if (mode === 'stubborn') return;
  writeSync(2, 'ended in order\n');
  process.exit(0);
});
process.stdin.on('end', () => {
  if (mode !== 'stubborn') process.exit(0);
});
if (mode === 'stubborn') setInterval(() => {}, 1_000);
if (mode === 'dies-at-once') {
  writeSync(2, 'GLIBC_2.99 not found\n');
  process.exit(1);
}

let input = Buffer.alloc(0);
process.stdin.on('data', (chunk) => {
  input = Buffer.concat([input, chunk]);
  for (;;) {
    const end = input.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/Content-Length: (\d+)/i.exec(input.toString('latin1', 0, end))?.[1]);
    if (input.length < end + 4 + length) return;
    const message = JSON.parse(input.toString('utf8', end + 4, end + 4 + length));
    input = input.subarray(end + 4 + length);
    if (message.method === '$/cancelRequest') cancelled.get(message.params.id)?.();
    else if (message.method !== undefined) void answer(message);
    else decided.get(message.id)?.(message.result ?? message.error);
  }
});
