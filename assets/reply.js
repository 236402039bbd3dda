// The reply page on a poor phone with a poor signal: each file goes by itself, and words are saved while they are typed.
// Rules and words are the server's. Without this script the form does the same in one POST. Kept to the syntax of 2017.
import { remove } from './reply/attached.js';
import { lose, queue, rememberNames, take, unseen } from './reply/files.js';
import { recall, remember } from './reply/kept.js';
import { byId, dropSummary, form, live, rules } from './reply/page.js';
import { stopped } from './reply/request.js';
import { mustWait, reasons, sender, settle, waitFor } from './reply/sender.js';
import { isUnsaved, leave, save, watch } from './reply/words.js';

let pressed;

const explain = () => {
  dropSummary();
  const summary = live.content.lastElementChild.cloneNode(true);
  const entry = summary.querySelector('li');
  for (const job of unseen) {
    const copy = entry.cloneNode(true);
    copy.firstElementChild.textContent = job.error;
    entry.before(copy);
  }
  unseen.clear();
  entry.remove();
  form.parentNode.prepend(summary);
  summary.focus();
};

form.onchange = event => take(event.target);

document.addEventListener('click', event => {
  pressed = event.target.closest('button');
  if (pressed && pressed.value.startsWith('remove:')) {
    event.preventDefault();
    remove(pressed.value);
  }
});

form.onsubmit = event => {
  const sends = pressed && pressed.value === 'send' && !stopped;
  if (sends && mustWait(sender)) {
    event.preventDefault();
    waitFor(pressed, !navigator.onLine ? rules.offline : queue.length ? rules.still : '');
    save();
  } else if (sends && unseen.size) {
    event.preventDefault();
    explain();
  } else {
    leave();
    if (pressed && pressed.value === 'delete') {
      remember('text', []);
      remember('files', []);
    }
  }
};

reasons.push(() => queue.length, isUnsaved);
addEventListener('online', settle);
form.classList.add('app-live');
watch();
for (const name of recall('files')) lose(name);
rememberNames();
// What was chosen before this script had arrived.
[...form.elements].forEach(take);
