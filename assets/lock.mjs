import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

const file = 'obj/assets.lock';

/** Runs the work alone: two builds at once share node_modules and wwwroot/lib. */
export async function alone(work) {
  mkdirSync('obj', { recursive: true });
  while (!taken()) await setTimeout(100);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function taken() {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (e) {
    if (e.code !== 'EEXIST') throw e;
    if (left()) rmSync(file, { force: true });
    return false;
  }
}

/** A killed build leaves its lock behind. An empty one is just being written. No build takes ten minutes. */
function left() {
  try {
    if (Date.now() - statSync(file).mtimeMs > 600_000) return true;
    const owner = Number(readFileSync(file, 'utf8'));
    if (owner) process.kill(owner, 0);
    return false;
  } catch (e) {
    return e.code === 'ESRCH';
  }
}
