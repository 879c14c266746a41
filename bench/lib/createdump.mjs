import { readdir, readFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const KINDS = { mini: 1, heap: 2, full: 4 };

/** Asks the runtime in `pid` for a dump by its own createdump (diagnostics IPC, GenerateCoreDump3). The rival. */
export async function createdump(pid, file, kind) {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  const name = `dotnet-diagnostic-${pid}-${startTime}-socket`;
  const folder = tmpdir();
  if (!(await readdir(folder)).includes(name)) {
    throw new Error(`process ${pid} has no diagnostics socket in ${folder}`);
  }
  const reply = await request(path.join(folder, name), 1, 3, Buffer.concat([string(file), u32(KINDS[kind]), u32(0)]));
  const hr = reply.readUInt32LE(20);
  if (reply[16] !== 0xff || reply[17] !== 0 || hr !== 0) {
    throw new Error(`createdump failed with 0x${hr.toString(16)}`);
  }
}

function u32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function string(text) {
  return Buffer.concat([u32(text.length + 1), Buffer.from(`${text}\0`, 'utf16le')]);
}

function request(socket, set, id, payload) {
  const header = Buffer.alloc(20);
  header.write('DOTNET_IPC_V1\0', 0, 'latin1');
  header.writeUInt16LE(20 + payload.length, 14);
  header[16] = set;
  header[17] = id;
  return new Promise((resolve, reject) => {
    const connection = net.connect(socket);
    const chunks = [];
    connection.on('data', (chunk) => chunks.push(chunk));
    connection.on('error', reject);
    connection.on('close', () => resolve(Buffer.concat(chunks)));
    connection.write(Buffer.concat([header, payload]));
  });
}
