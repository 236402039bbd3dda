// The search box in the header: patients below it while somebody types, arrow keys through them. Enter in the box asks the server, which
// opens the only one that it finds.
import { along } from './staff/arrows.js';

const place = document.getElementById('find-patient');
const box = document.getElementById('find');
const found = document.getElementById('found');
const status = document.getElementById('found-status');
const links = () => [...found.querySelectorAll('a')];
let asked = new AbortController();
let soon = 0;

function close() {
  clearTimeout(soon);
  asked.abort();
  found.hidden = true;
  found.replaceChildren();
  status.textContent = '';
}

async function ask() {
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  try {
    const answer = await fetch(box.form.action, { method: 'POST', headers: { 'HX-Request': 'true' }, body: new URLSearchParams(new FormData(box.form)), signal });
    if (!answer.ok || answer.redirected) return close();
    const html = await answer.text();
    if (signal.aborted) return;
    // Whoever is on one of them stays on it.
    const at = document.activeElement.closest?.('#found a')?.getAttribute('href');
    found.innerHTML = html;
    found.hidden = found.childElementCount === 0;
    status.textContent = found.querySelector('[data-status]')?.textContent ?? '';
    if (at) (links().find(link => link.getAttribute('href') === at) ?? box).focus();
  } catch {
    if (!signal.aborted) close();
  }
}

box.addEventListener('input', () => {
  clearTimeout(soon);
  if (box.value.trim() === '') return close();
  soon = setTimeout(ask, 200);
});

place.addEventListener('keydown', event => {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === 'Escape') {
    if (found.hidden) return;
    close();
    box.focus();
    event.preventDefault();
  } else along([box, ...links()], event);
});

box.form.addEventListener('submit', () => clearTimeout(soon));
place.addEventListener('focusout', event => { if (!place.contains(event.relatedTarget)) close(); });
// A page that the browser kept shows no patients of the last search.
addEventListener('pagehide', close);
