// Records test-fixtures/subject.nettrace: node test-fixtures/record-trace.mjs SUBJECT.DLL (after `tsc -b packages/diagnostics`).
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { DiagnosticsClient, EXCEPTION_KEYWORD, RUNTIME_PROVIDER } from '../dist/index.js';

const child = spawn('dotnet', [process.argv[2]], { stdio: ['pipe', 'pipe', 'inherit'] });
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
await lines.next();
const client = await DiagnosticsClient.forProcess(child.pid);
const providers = [{ name: RUNTIME_PROVIDER, keywords: EXCEPTION_KEYWORD, level: 2 }, { name: 'Firstchance-Subject' }];
const session = await client.startEventPipe({ providers });
const chunks = [];
const reading = (async () => {
  for await (const chunk of session.bytes()) chunks.push(chunk);
})();
for (const words of ['throw 5', 'log first', 'throw 2', 'log gr\u00fc\u00df dich']) {
  child.stdin.write(`${words}\n`);
  await lines.next();
}
await session.stop();
await reading;
child.stdin.end('quit\n');
await writeFile(new URL('subject.nettrace', import.meta.url), Buffer.concat(chunks));
