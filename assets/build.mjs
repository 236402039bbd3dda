// Compiles the stylesheets without the rules that no page uses, and the scripts without what only people read, in wwwroot/lib.
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { PurgeCSS } from 'purgecss';
import { compile } from 'sass';
import { minify } from 'terser';
import { alone } from './lock.mjs';

const out = 'wwwroot/lib';
// More pages to keep rules for, such as a sample to look at: node assets/build.mjs SAMPLE.html
const pages = ['src/**/*.razor', 'assets/*.js', ...process.argv.slice(2)];

// Whole or not at all: another build or a running server may be reading the file.
async function put(name, content) {
  await writeFile(`${out}/${name}.${process.pid}`, content);
  await rename(`${out}/${name}.${process.pid}`, `${out}/${name}`);
}

async function stylesheet(name) {
  const { css } = compile(`assets/${name}.scss`, { style: 'compressed', loadPaths: ['node_modules/nhsuk-frontend/dist'], quietDeps: true });
  const [purged] = await new PurgeCSS().purge({
    content: pages,
    css: [{ raw: css }],
    // Ours are written for the pages; a tag's colour is chosen by code.
    safelist: { standard: ['html', 'body'], greedy: [/^app-/, /^nhsuk-tag--/] },
    variables: true,
    keyframes: true,
  });
  await put(`${name}.css`, purged.css);
}

await alone(async () => {
  await mkdir(out, { recursive: true });
  await stylesheet('staff');
  await stylesheet('patient');
  await put('htmx.js', await readFile('node_modules/htmx.org/dist/htmx.min.js'));
  for (const script of (await readdir('assets')).filter(name => name.endsWith('.js')))
    await put(script, (await minify(await readFile(`assets/${script}`, 'utf8'), { ecma: 2017, compress: { passes: 3 } })).code);
});
