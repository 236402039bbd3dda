// Two things that Twilio's side of a test is held against, in one process:
// a proxy that lets through only what Twilio's own description of its API allows, and Twilio's own library for signatures.
//   node counterpart.mjs UPSTREAM    prints the proxy's address, then answers each line of JSON with one line; ends with its input
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startPrism } from '../prism.mjs';

const require = createRequire(import.meta.url);
const { getExpectedTwilioSignature, validateRequest } = require('twilio');

const { prism, address } = await startPrism(fileURLToPath(new URL('messages.json', import.meta.url)), process.argv[2]);
console.log(address);

for await (const line of createInterface({ input: process.stdin })) {
  const { token, url, fields, signature } = JSON.parse(line);
  console.log(signature === undefined ? getExpectedTwilioSignature(token, url, fields) : validateRequest(token, signature, url, fields));
}
prism.kill();
