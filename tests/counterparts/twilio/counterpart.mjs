// Two things that Twilio's side of a test is held against, in one process:
// a proxy that lets through only what Twilio's own description of its API allows, and Twilio's own library for signatures.
//   node counterpart.mjs UPSTREAM    prints the proxy's address, then answers each line of JSON with one line; ends with its input
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { getExpectedTwilioSignature, validateRequest } = require('twilio');

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const port = await freePort();
const prism = spawn(
  process.execPath,
  [here('../node_modules/@stoplight/prism-cli/dist/index.js'), 'proxy', '--errors', '-h', '127.0.0.1', '-p', port, here('messages.json'), process.argv[2]],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
prism.on('exit', (code) => process.exit(code ?? 1));
await new Promise((resolve) => prism.stdout.on('data', (text) => String(text).includes('is listening') && resolve()));
console.log(`http://127.0.0.1:${port}`);

for await (const line of createInterface({ input: process.stdin })) {
  const { token, url, fields, signature } = JSON.parse(line);
  console.log(signature === undefined ? getExpectedTwilioSignature(token, url, fields) : validateRequest(token, signature, url, fields));
}
prism.kill();
