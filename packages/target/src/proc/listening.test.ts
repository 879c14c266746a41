import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { listeningPorts, parseListening } from './listening.ts';

it('finds the ports of this process as they come and go', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  expect(listeningPorts(process.pid)).toContainEqual({ port, host: '127.0.0.1' });
  await new Promise((resolve) => server.close(resolve));
  expect(listeningPorts(process.pid).map((entry) => entry.port)).not.toContain(port);
});

it('reads what the kernel writes', () => {
  const text = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 501 1 0 100 0 0 10 0',
    '   1: 0100007F:1389 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 502 1 0 100 0 0 10 0',
    '   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 503 1 0 100 0 0 10 0',
    '   3: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 0:0 00:0 0  1000        0 504 1',
    '',
  ].join('\n');
  expect(parseListening(text, new Set(['501', '502', '503', '504']))).toEqual([
    { port: 5000, host: '127.0.0.1' },
    { port: 80, host: '127.0.0.1' },
    { port: 8080, host: '0000:0000:0000:0000:0000:0000:0000:0001' },
  ]);
  expect(parseListening(text, new Set(['999']))).toEqual([]);
});

it('has nothing to say of a process that is gone', () => {
  expect(listeningPorts(2 ** 22)).toEqual([]);
});
