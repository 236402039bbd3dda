// Single keys for hands that do not leave the keyboard. They can be turned off (WCAG 2.1.4): speech input presses them by mistake.
const off = 'single-keys-off';
const press = selector => document.querySelector(selector)?.click();

const keys = [
  ['/', 'Find a patient', () => {
    const box = document.getElementById('find');
    box.focus();
    box.select();
  }],
  ['j', 'Next conversation in the list', () => step(1)],
  ['k', 'The one before', () => step(-1)],
  ['r', 'Write to the patient', () => document.getElementById('text')?.focus()],
  ['d', 'Done', () => press('#bar form[action$="/done"] button:not([name])')],
  ['e', 'Done and next', () => press('#bar form[action$="/done"] button[name=next]')],
  ['c', 'Copy for the record', () => press('#bar [data-copy]:not([hidden])')],
  ['s', 'Saved to the record', () => press('#bar form[action$="/saved"] button')],
  ['z', 'Undo the message that has just been sent', () => press('#bar form[action$="/undo"] button')],
  ['n', 'Next patient, after sending', () => press('#bar a[href="/patients"]')],
  ['?', 'These keys', show],
];
const always = [
  ['Ctrl + Enter', 'Send the message'],
  ['↓ ↑', 'Through the patients or templates that were found'],
  ['Esc', 'Close'],
];

// From the link that has the focus, or else from the conversation that is open; Enter opens it.
function step(by) {
  const links = [...document.querySelectorAll('a[data-open]')];
  const focused = links.indexOf(document.activeElement);
  const at = focused < 0 ? links.findIndex(link => link.getAttribute('aria-current') === 'true') : focused;
  const link = links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + by))];
  link?.focus();
  link?.scrollIntoView({ block: 'nearest' });
}

function show() {
  const dialog = document.getElementById('keys') ?? document.body.appendChild(build());
  dialog.querySelector('input').checked = localStorage.getItem(off) === null;
  if (!dialog.open) dialog.showModal();
}

function build() {
  const dialog = document.createElement('dialog');
  dialog.id = 'keys';
  dialog.className = 'app-keys';
  dialog.setAttribute('aria-labelledby', 'keys-title');
  const row = ([key, what]) => `<div><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`;
  dialog.innerHTML = `
    <h2 class="nhsuk-heading-m" id="keys-title">Keys</h2>
    <dl>${[...keys, ...always].map(row).join('')}</dl>
    <div class="nhsuk-checkboxes nhsuk-checkboxes--small"><div class="nhsuk-checkboxes__item">
      <input class="nhsuk-checkboxes__input" id="single-keys" type="checkbox">
      <label class="nhsuk-label nhsuk-checkboxes__label" for="single-keys">Single keys work in this browser</label>
    </div></div>
    <form method="dialog"><button class="nhsuk-button nhsuk-button--small">Close</button></form>`;
  dialog.querySelector('input').addEventListener('change', ({ target }) => {
    if (target.checked) localStorage.removeItem(off);
    else localStorage.setItem(off, '1');
  });
  return dialog;
}

const writes = target => target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=submit], [type=button])');

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat || event.defaultPrevented || writes(event.target)) return;
  if (document.querySelector('dialog[open]') || localStorage.getItem(off) !== null) return;
  const known = keys.find(([key]) => key === event.key);
  if (!known) return;
  event.preventDefault();
  known[2]();
});

document.addEventListener('click', event => {
  if (event.target.closest('[data-show-keys]')) show();
});

// What speaks of keys is shown only where they work.
const tell = () => document.querySelectorAll('[data-keys]').forEach(hint => { hint.hidden = false; });
document.addEventListener('htmx:load', tell);
tell();
