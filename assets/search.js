// For the page that finds patients: arrow keys move through what was found, Enter opens as any link does.
import { along } from './staff/arrows.js';

const box = () => document.querySelector('form[role=search] [name=q]');
const links = () => [...document.querySelectorAll('#results tbody a[href]')];

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || !box()) return;
  along([box(), ...links()], event);
});

// Whoever is on one of them while the list is put in place anew stays on it.
let at = null;
document.addEventListener('htmx:beforeSwap', event => {
  at = event.detail.target.id === 'results' ? document.activeElement.closest('#results tbody a')?.getAttribute('href') : null;
});
document.addEventListener('htmx:afterSwap', () => {
  if (at) (links().find(link => link.getAttribute('href') === at) ?? box())?.focus();
  at = null;
});

// What was typed just before Enter must not take the place of the answer to Enter.
let submitting = false;
document.addEventListener('htmx:confirm', event => {
  if (event.target.matches('form[role=search]')) submitting = true;
  else if (submitting && event.target === box()) event.preventDefault();
});
document.addEventListener('htmx:afterRequest', event => {
  if (event.target.matches('form[role=search]')) submitting = false;
});
