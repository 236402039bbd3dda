// The words, saved while they are typed.
import { offerDelete } from './attached.js';
import { latest, notBefore, now } from './clock.js';
import { recall, remember } from './kept.js';
import { address, byId, form, rules, say, tell, text, token, typed } from './page.js';
import { dataOf, mayPass, patience, post, stop, stopped } from './request.js';
import { sender, settle } from './sender.js';

let dirty, saving, trouble, leaving, timer;

export const isUnsaved = () => (dirty || saving) && !trouble;

export const leave = () => {
  leaving = true;
  typed.value = now();
};

const count = () => {
  const left = rules.maxText - text.value.replace(/[\xad\x1f]/g, '').normalize().length; // As the server keeps it.
  byId('typing').hidden = !text.value;
  byId('left').textContent = say(left < 0 ? 'over' : 'left', Math.abs(left));
  return left;
};

const proxy = [...form.querySelectorAll('.app-proxy input')];
const wordsNow = () => [['typed', typed.value], ['text', text.value], ...proxy.map(field => [field.name, field.type === 'text' ? field.value : field.checked])];

export const save = async () => {
  timer = 0;
  if (saving || leaving) return;
  saving = true;
  for (let tries = 0; dirty && !stopped;) {
    dirty = false;
    const fields = wordsNow();
    remember('text', fields);
    const answer = await post('/text', fields, {});
    trouble = answer.status >= 500;
    if (mayPass(answer)) {
      dirty = true;
      byId('saved').textContent = rules.unsaved;
      if (sender) byId('sending').textContent = rules.offline;
      settle();
      await patience(tries++, {});
    } else if (answer.status > 399 && answer.status !== 409) stop();
    else {
      tries = 0;
      notBefore(answer.responseText); // 409: when newer words were typed.
      if (!dirty) {
        remember('text', []);
        byId('saved').textContent = answer.status === 200 ? rules.saved : '';
        offerDelete();
      }
    }
  }
  saving = false;
  settle();
};

const flush = () => {
  if (!dirty && !saving || leaving || stopped) return;
  remember('text', wordsNow());
  navigator.sendBeacon(address + '/text', dataOf([[token.name, token.value], ...wordsNow()]));
};

export const watch = () => {
  text.oninput = () => {
    typed.value = now();
    dirty = true;
    leaving = false;
    if (!saving) byId('saved').textContent = ''; // Else it may say that there is no signal, and that still holds.
    if (count() < 100) tell(byId('left').textContent);
    timer = timer || setTimeout(save, 2000);
  };
  for (const field of proxy) field.oninput = text.oninput;
  addEventListener('pagehide', flush);
  document.addEventListener('visibilitychange', () => document.hidden && flush());

  text.autocomplete = 'off'; // What the server has is newer than what the browser would fill in.
  const kept = recall('text');
  const isLost = kept.length && kept[0][1] > latest && text.value === text.defaultValue;
  for (const [name, value] of isLost ? kept : []) {
    const field = form.elements[name];
    field[field.type === 'checkbox' ? 'checked' : 'value'] = value;
  }
  count();
  // What was typed before this script had arrived.
  if (isLost || text.value !== text.defaultValue) text.oninput();
};
