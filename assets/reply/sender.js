// The button that was pressed to send, while something still has to arrive before.
import { byId } from './page.js';
import { stopped } from './request.js';

export let sender;

export const reasons = []; // Each says whether something of its kind is still on its way.
// A phone may be wrong about its signal: who presses again is believed.
export const mustWait = again => reasons.some(reason => reason()) || !navigator.onLine && !again;

export const waitFor = (button, words) => {
  sender = button;
  byId('sending').textContent = words;
};

// Sends what was waiting to be sent, once everything has arrived.
export const settle = () => {
  if (!sender || !stopped && mustWait()) return;
  const button = sender;
  waitFor('', '');
  button.click();
};
