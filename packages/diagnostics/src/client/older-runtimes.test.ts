import { expect, test } from 'vitest';
import { FakeRuntime, hresult, reply, unknownCommand } from '../../test-fixtures/fake-runtime.ts';
import { DiagnosticsClient } from '../index.ts';
import { ByteReader } from '../wire/byte-reader.ts';
import { ByteWriter } from '../wire/byte-writer.ts';

const COOKIE = '00112233-4455-6677-8899-aabbccddeeff';
const info1 = new ByteWriter().u64(77n).guid(COOKIE).string('/bin/app x').string('Linux').string('x64');

test('process info falls back from 3 to 2 to 1', async () => {
  await using fake = await FakeRuntime.listen(({ command }, socket) => {
    socket.end(command === '0x0400' ? reply('ok', info1.finish()) : unknownCommand());
  });
  expect(await DiagnosticsClient.forSocket(fake.path).processInfo()).toEqual({
    processId: 77,
    runtimeCookie: COOKIE,
    commandLine: '/bin/app x',
    operatingSystem: 'Linux',
    architecture: 'x64',
    entryAssembly: null,
    runtimeVersion: null,
    runtimeIdentifier: null,
  });
  expect(fake.received.map(({ command }) => command)).toEqual(['0x0408', '0x0404', '0x0400']);
});

test('a dump falls back from 3 to 2 to 1, whose last field is a bool', async () => {
  await using fake = await FakeRuntime.listen(({ command }, socket) => {
    socket.end(command === '0x0101' ? reply('ok', hresult(0)) : unknownCommand());
  });
  const client = DiagnosticsClient.forSocket(fake.path);
  const dump = await client.writeDump({
    path: '/no-such-folder/50%',
    kind: 'full',
    logging: 'verbose',
    crashReport: true,
  });
  expect(dump.bytes).toBe(null);
  const fields = fake.received.map(({ command, payload }) => {
    const reader = new ByteReader(payload);
    return [command, reader.countedString(), reader.u32(), reader.u32(), reader.remaining];
  });
  expect(fields).toEqual([
    ['0x0103', '/no-such-folder/50%%', 4, 7, 0],
    ['0x0102', '/no-such-folder/50%%', 4, 7, 0],
    ['0x0101', '/no-such-folder/50%%', 4, 1, 0],
  ]);
});

test('a dump that no form of the command is known for', async () => {
  await using fake = await FakeRuntime.listen((_, socket) => socket.end(unknownCommand()));
  const client = DiagnosticsClient.forSocket(fake.path);
  await expect(client.writeDump({ path: '/x', kind: 'mini' })).rejects.toMatchObject({ code: 'unknown-command' });
});

test('an event session is asked for in the newest form the runtime knows', async () => {
  for (const known of ['0x0206', '0x0205', '0x0204', '0x0203', '0x0202']) {
    await using fake = await FakeRuntime.listen(({ command }, socket) => {
      socket.end(command === known ? reply('ok', new ByteWriter().u64(5n).finish()) : unknownCommand());
    });
    const client = DiagnosticsClient.forSocket(fake.path);
    const providers = [{ name: 'P', keywords: 9n, level: 2, arguments: 'a=b' } as const];
    await using session = await client.startEventPipe({ providers, bufferMB: 3, rundown: true, stacks: false });
    expect(session.id).toBe(5n);
    const reader = new ByteReader(fake.received.at(-1)?.payload ?? new Uint8Array(0));
    if (known === '0x0206') expect(reader.u32()).toBe(0);
    expect([reader.u32(), reader.u32()]).toEqual([3, 1]);
    if (known >= '0x0205') expect(reader.u64()).toBe(0x80020139n);
    else if (known >= '0x0203') expect(reader.u8()).toBe(1);
    if (known >= '0x0204') expect(reader.u8()).toBe(0);
    expect([reader.u32(), reader.u64(), reader.u32()]).toEqual([1, 9n, 2]);
    expect([reader.countedString(), reader.countedString()]).toEqual(['P', 'a=b']);
    if (known === '0x0206') expect([reader.u8(), reader.u32()]).toEqual([0, 0]);
    expect(reader.remaining).toBe(0);
  }
});

test('a filter by event id is never dropped silently', async () => {
  await using fake = await FakeRuntime.listen((_, socket) => socket.end(unknownCommand()));
  const client = DiagnosticsClient.forSocket(fake.path);
  const providers = [{ name: 'P', eventIds: { except: [1, 2] } }];
  await expect(client.startEventPipe({ providers })).rejects.toMatchObject({ code: 'unknown-command' });
  expect(fake.received.map(({ command }) => command)).toEqual(['0x0206']);
});

test('an answer in single bytes is read', async () => {
  await using fake = await FakeRuntime.listen(async ({ command }, socket) => {
    if (command !== '0x0400') {
      socket.end(unknownCommand());
      return;
    }
    for (const byte of reply('ok', info1.finish())) {
      await new Promise((resolve) => socket.write(Buffer.of(byte), resolve));
    }
  });
  expect((await DiagnosticsClient.forSocket(fake.path).processInfo()).processId).toBe(77);
});

test.each([
  ['something else', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'protocol-violation'],
  [
    'a reply smaller than its header',
    Buffer.concat([reply('ok').subarray(0, 14), Buffer.alloc(6)]),
    'protocol-violation',
  ],
  [
    'a string larger than its message',
    reply('ok', new ByteWriter().u64(1n).guid(COOKIE).u32(9999).finish()),
    'protocol-violation',
  ],
  ['an error without HRESULT', reply('error'), 'protocol-violation'],
  ['half a header', reply('ok').subarray(0, 10), 'connection-closed'],
  ['nothing', Buffer.alloc(0), 'connection-closed'],
  ['an error of its own', reply('error', hresult(0x80131234)), 'runtime-error'],
])('%s is an error with a code', async (_, bytes, code) => {
  await using fake = await FakeRuntime.listen((_received, socket) => socket.end(bytes));
  await expect(DiagnosticsClient.forSocket(fake.path).processInfo()).rejects.toMatchObject({ code });
});

test('an environment that claims gigabytes is refused before memory is taken', async () => {
  await using fake = await FakeRuntime.listen((_, socket) => {
    socket.end(reply('ok', new ByteWriter().u32(0xffff_ffff).u8(0).u8(0).finish()));
  });
  const client = DiagnosticsClient.forSocket(fake.path);
  await expect(client.environment()).rejects.toMatchObject({ code: 'protocol-violation' });
});

test('a failed HRESULT in a success reply is a failure', async () => {
  await using fake = await FakeRuntime.listen((_, socket) => socket.end(reply('ok', hresult(0x8013136a))));
  const client = DiagnosticsClient.forSocket(fake.path);
  await expect(client.attachProfiler({ clsid: COOKIE, path: '/x' })).rejects.toThrow(/PROFILER_ALREADY_ACTIVE/);
});

test('a startup profiler refused before the runtime has come to its pause is asked for again', async () => {
  let asked = 0;
  await using fake = await FakeRuntime.listen((_, socket) => {
    socket.end(++asked < 3 ? reply('error', hresult(0x80070057)) : reply('ok', hresult(0)));
  });
  await DiagnosticsClient.forSocket(fake.path).startupProfiler({ clsid: COOKIE, path: '/x.so' });
  expect(asked).toBe(3);
});
