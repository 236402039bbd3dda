// A proxy that lets through only requests (422) and answers (500) that a description of an API allows.
//   node prism.mjs DESCRIPTION UPSTREAM    prints the proxy's address; ends with its input
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

export async function startPrism(description, upstream) {
  const port = await freePort();
  const cli = fileURLToPath(new URL('node_modules/@stoplight/prism-cli/dist/index.js', import.meta.url));
  const prism = spawn(process.execPath, [cli, 'proxy', '--errors', '-h', '127.0.0.1', '-p', port, description, upstream], { stdio: ['ignore', 'pipe', 'inherit'] });
  prism.on('exit', (code) => process.exit(code ?? 1));
  await new Promise((resolve) => prism.stdout.on('data', (text) => String(text).includes('is listening') && resolve()));
  return { prism, address: `http://127.0.0.1:${port}` };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { prism, address } = await startPrism(process.argv[2], process.argv[3]);
  console.log(address);
  process.stdin.resume().on('end', () => prism.kill());
}
