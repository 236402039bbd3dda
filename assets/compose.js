// Fast hands where a message is written: Ctrl+Enter sends it, and a few letters find a template.
import { along } from './staff/arrows.js';

const name = button => button.textContent.trim().toLowerCase();

// Leaves the templates whose name has every word that was typed.
function show(find) {
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  const chooser = find.closest('details');
  const buttons = [...chooser.querySelectorAll('[name=template]')];
  for (const button of buttons) button.closest('li').hidden = !words.every(word => name(button).includes(word));
  for (const list of chooser.querySelectorAll('ul')) if (list.previousElementSibling?.matches('h2')) list.previousElementSibling.hidden = !list.querySelector('li:not([hidden])');
  const left = buttons.filter(button => !button.closest('li').hidden);
  find.parentElement.querySelector('[role=status]').textContent = words.length ? `${left.length} ${left.length === 1 ? 'template' : 'templates'} found.` : '';
  return left;
}

document.addEventListener('input', event => {
  if (event.target.matches('[data-find]')) show(event.target);
});

document.addEventListener('keydown', event => {
  const { key, target } = event;
  if (key === 'Enter' && (event.ctrlKey || event.metaKey) && target.matches('textarea')) {
    const send = target.form?.querySelector('[data-send]');
    if (!send) return;
    event.preventDefault();
    // Held down it would send as often as the key repeats.
    if (!event.repeat) target.form.requestSubmit(send);
    return;
  }
  if (key === 'Enter' && target.matches('[data-find]')) {
    event.preventDefault();
    show(target)[0]?.click();
    return;
  }
  const find = target.matches('[data-find], [name=template]') && target.closest('details')?.querySelector('[data-find]');
  if (find) along([find, ...show(find)], event);
});

// Whoever opens the templates types next. A page that comes with them open has something else to say first.
document.addEventListener('toggle', ({ target }) => {
  if (target.open && target.contains(document.activeElement)) target.querySelector('[data-find]')?.focus();
}, true);
