// Compiles the stylesheets without the rules that no page uses, and the scripts, each with its modules and without what only people read, in wwwroot/lib.
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { PurgeCSS } from 'purgecss';
import { rollup } from 'rollup';
import { compile } from 'sass';
import { minify } from 'terser';
import { alone } from './lock.mjs';

const out = 'wwwroot/lib';
// More pages to keep rules for, such as a sample to look at: node assets/build.mjs SAMPLE.html
const pages = ['src/**/*.cshtml', 'assets/**/*.js', ...process.argv.slice(2)];

// Whole or not at all: another build or a running server may be reading the file.
async function put(name, content) {
  await writeFile(`${out}/${name}.${process.pid}`, content);
  await rename(`${out}/${name}.${process.pid}`, `${out}/${name}`);
}

/** The files of the pages in a layout, of the parts that they are made of, and of their scripts. A page names its layout in its base class
    (@inherits PatientSlice<…>); a part is put in by its name: Part(ReplyFiles.Create(…)), ErrorMessage(…), IUsesLayout<Shell, …>. */
async function pagesIn(layout) {
  const parts = new Map();
  for (const file of (await readdir('src', { recursive: true })).filter(name => name.endsWith('.cshtml') && !basename(name).startsWith('_')).map(name => `src/${name}`)) {
    if (parts.has(basename(file, '.cshtml'))) throw new Error(`Two slices are called ${basename(file)}.`);
    parts.set(basename(file, '.cshtml'), { file, text: await readFile(file, 'utf8') });
  }
  const base = new RegExp(`@inherits ${layout.replace('Layout', 'Slice')}\\b`);
  const reached = new Set([...parts].filter(([name, { text }]) => name === layout || base.test(text)).map(([name]) => name));
  for (const name of reached)
    for (const [, one, other] of parts.get(name).text.matchAll(/\b([A-Z]\w+)(?:\.Create)?\(|IUsesLayout<(\w+)/g))
      if (parts.has(one ?? other)) reached.add(one ?? other);
  const used = [...reached].map(name => parts.get(name));
  return [...used.map(({ file }) => file), ...used.flatMap(({ text }) => [...text.matchAll(/lib\/(\w+)\.js/g)].flatMap(([, script]) => [`assets/${script}.js`, `assets/${script}/*.js`]))];
}

async function stylesheet(name, content) {
  const { css } = compile(`assets/${name}.scss`, { style: 'compressed', loadPaths: ['node_modules/nhsuk-frontend/dist'], quietDeps: true });
  const [purged] = await new PurgeCSS().purge({
    // PhoneLink.cs writes links to numbers.
    content: [...content, { raw: '<a href="tel:999">', extension: 'html' }],
    css: [{ raw: css }],
    // Ours are written for the pages; a tag's colour is chosen by code.
    safelist: { standard: ['html', 'body'], greedy: [/^app-/, /^nhsuk-tag--/] },
    // A search box's cross, which is drawn with a picture.
    blocklist: [/search-cancel-button/],
    variables: true,
    keyframes: true,
  });
  await put(`${name}.css`, purged.css);
}

await alone(async () => {
  await mkdir(out, { recursive: true });
  await stylesheet('staff', pages);
  await stylesheet('patient', [...await pagesIn('PatientLayout'), ...process.argv.slice(2)]);
  await put('htmx.js', await readFile('node_modules/htmx.org/dist/htmx.min.js'));
  for (const script of (await readdir('assets')).filter(name => name.endsWith('.js'))) {
    const { output: [{ code }] } = await (await rollup({ input: `assets/${script}` })).generate({ format: 'iife', strict: false });
    // With one kind of declaration, all of a script's names become one: a tenth of a kilobyte.
    const { code: small } = await minify(code.replace(/\bconst /g, 'let '), { ecma: 2017, compress: { passes: 3, unsafe_arrows: true } });
    await put(script, small);
  }
});
