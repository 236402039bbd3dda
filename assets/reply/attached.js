// The list of files that the server has, as its last answer says.
import { byId, focusAfter, text } from './page.js';
import { insist, mayPass, parse, stop } from './request.js';

export const thumbs = {};

export const addPicture = (item, image) => item.querySelector('.app-attached__name').prepend(image);

export const removers = () => [...byId('attached').querySelectorAll('[name=action]')];

export const offerDelete = () => { byId('delete').hidden = !removers().length && !text.value; };

// Shows the server's list, and says what is new in it.
export const show = page => {
  const old = byId('attached');
  const before = removers().map(button => button.value);
  const focused = document.activeElement;
  page.getElementById('pending').replaceWith(byId('pending'));
  old.replaceWith(page.getElementById('attached'));
  const error = byId('files-error'); // Each file shows its own.
  if (error) error.remove();
  for (const button of removers()) {
    if (thumbs[button.value]) addPicture(button.parentNode, thumbs[button.value]);
    if (button.value === focused.value) button.focus();
  }
  byId('choose').hidden = byId('attached').dataset.room <= 0;
  if (document.activeElement === document.body) focusAfter(focused);
  offerDelete();
  return removers().map(button => button.value).find(value => !before.includes(value));
};

const change = async fields => {
  const answer = await insist(fields, {});
  const page = parse(answer);
  if (page.getElementById('attached')) return show(page);
  if (!mayPass(answer)) stop();
};

export const remove = value => change([['action', value]]);

// What had left when it was cancelled.
export const removeNew = async () => {
  const added = await change([]);
  if (added) await remove(added);
};
