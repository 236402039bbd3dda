import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { alone } from './lock.mjs';

const changed = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

// The exit code of a shell that does not find its command, which Assets.targets explains.
const missing = 127;

process.exitCode = Number(process.versions.node.split('.')[0]) < 20 ? missing : await alone(() => {
  const current = changed('node_modules/.package-lock.json') > changed('package-lock.json');
  return current ? 0 : spawnSync('npm ci --ignore-scripts', { shell: true, stdio: 'inherit' }).status;
});
