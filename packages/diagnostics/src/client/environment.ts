import type { Endpoint } from '../transport/endpoint.ts';
import { exchange } from '../transport/exchange.ts';
import type { CallOptions } from '../transport/options.ts';
import { ByteReader, MalformedBytes } from '../wire/byte-reader.ts';
import { COMMANDS } from '../wire/commands.ts';

/** Linux limits arguments and environment to a quarter of the stack limit, at most 6 MB (execve(2)); UTF-16 doubles it. */
const MAXIMUM_BLOCK_BYTES = 64 * 1024 * 1024;

export function requestEnvironment(endpoint: Endpoint, options: CallOptions): Promise<Map<string, string>> {
  const what = `read the environment of ${endpoint.name}`;
  return exchange(
    endpoint,
    { command: COMMANDS.processEnvironment, what, options },
    async (payload, connection, signal) => {
      // The block does not fit into a message's 16-bit size, so it follows the reply.
      const bytes = payload.u32();
      if (bytes > MAXIMUM_BLOCK_BYTES) throw new MalformedBytes(`an environment of ${bytes} bytes`);
      return parseEnvironment(new ByteReader(await connection.take(bytes, signal)));
    },
  );
}

/** @throws MalformedBytes */
export function parseEnvironment(block: ByteReader): Map<string, string> {
  const result = new Map<string, string>();
  const count = block.u32();
  for (let index = 0; index < count; index++) {
    const item = block.countedString();
    const equals = item.indexOf('=');
    if (equals < 0) result.set(item, '');
    else result.set(item.slice(0, equals), item.slice(equals + 1));
  }
  return result;
}
