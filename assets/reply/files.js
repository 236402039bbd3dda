// Files on their way to the server, one after the other.
import { addPicture, removeNew, removers, show, thumbs } from './attached.js';
import { now } from './clock.js';
import { remember } from './kept.js';
import { byId, dropSummary, focusAfter, live, rules, say, tell } from './page.js';
import { shrink, startsAsPhoto } from './photo.js';
import { insist, mayPass, parse, stop, stopped } from './request.js';
import { settle, waitFor } from './sender.js';

export const queue = []; // Files that are not with the server yet, oldest first.
export const unseen = new Set(); // Files that were refused and that the patient was not stopped for yet.
let running;

const close = job => {
  const focused = document.activeElement;
  job.item.remove();
  unseen.delete(job);
  if (job.error) dropSummary();
  focusAfter(focused);
};

const refuse = (job, message, again) => {
  const [name, bar, note, retry, cancel] = job.item.children;
  name.hidden = bar.hidden = true;
  note.textContent = job.error = message;
  note.classList.add('nhsuk-error-message');
  retry.hidden = !again;
  cancel.firstChild.textContent = rules.remove;
  unseen.add(job);
  tell(message);
};

const fail = (job, words, again) => refuse(job, `${job.name}: ${rules[words]}`, again);

const picture = job => {
  const image = job.thumb = new Image();
  image.className = 'app-attached__thumb';
  image.alt = say('picture', job.name);
  image.src = URL.createObjectURL(job.file);
  addPicture(job.item, image);
};

const upload = async job => {
  const [, bar, note] = job.item.children;
  await job.checked;
  if (job.error || job.gone) return;
  if (job.isPhoto) await shrink(job);
  if (job.gone) return;
  if (job.isPhoto || /^image/.test(job.file.type)) picture(job);
  if (job.file.size > rules.maxBytes) return fail(job, 'large');
  let told = 0;
  job.progress = part => {
    job.isSent = part === 1;
    bar.value = part;
    note.textContent = say('adding', job.name, Math.floor(part * 100));
    if (Date.now() - told > 10000) {
      told = Date.now();
      tell(note.textContent);
    }
  };
  job.waits = () => tell(note.textContent = say('waits', job.name));
  job.progress(0);
  const answer = await insist([['typed', job.typed], ['files', job.file, job.name]], job);
  if (job.gone) return job.isSent && removeNew();
  const page = parse(answer);
  if (!page.getElementById('attached')) return mayPass(answer) ? fail(job, 'failed', true) : stop();
  const error = page.querySelector('.nhsuk-error-message');
  const added = show(page);
  if (error) return refuse(job, error.lastChild.textContent.trim());
  if (added && job.thumb) addPicture(removers().find(button => button.value === added).parentNode, thumbs[added] = job.thumb);
  close(job);
  tell(say('added', job.name));
};

export const rememberNames = () => remember('files', queue.map(job => job.name));

const run = async () => {
  if (running) return;
  running = true;
  while (queue.length && !stopped) {
    const job = queue[0];
    await upload(job);
    queue.splice(queue.indexOf(job), 1);
    rememberNames();
  }
  running = false;
  settle();
};

const cancel = job => {
  if (queue.includes(job)) {
    waitFor('', '');
    // What has left cannot be called back: it is removed as soon as it has arrived.
    if (job.request && !job.isSent) job.request.abort();
    if (job.wake) job.wake();
    if (job !== queue[0]) queue.splice(queue.indexOf(job), 1);
    rememberNames();
  }
  job.gone = true;
  close(job);
};

const begin = job => {
  const item = job.item = live.content.firstElementChild.cloneNode(true);
  for (const name of item.querySelectorAll('bdi')) name.textContent = job.name;
  const [retry, drop] = item.querySelectorAll('button');
  retry.onclick = () => { close(job); add(job.file, job.name); };
  drop.onclick = () => cancel(job);
  byId('pending').append(item);
  return job;
};

// Said at once, also while others are on their way.
const check = async job => {
  job.isPhoto = await startsAsPhoto(job.file);
  if (job.gone || job.isPhoto) return;
  const [extension] = /\.(?=\d*[a-z])[a-z\d]{1,4}$/.exec(job.name.toLowerCase()) || [''];
  if (/hei[cf]/.test(extension)) job.file = job.file.slice(0, 1024); // Enough to be told how to send it.
  else if (!byId('files').accept.includes(extension && extension + ',')) fail(job, 'type');
  else if (job.file.size > rules.maxBytes) fail(job, 'large');
};

const add = (file, name = file.name) => {
  const job = begin({ file, name, typed: now() });
  const problem = queue.length >= byId('attached').dataset.room ? 'many' : !file.size ? 'empty' : '';
  if (problem) return fail(job, problem);
  queue.push(job);
  rememberNames();
  job.checked = check(job);
  run();
};

// A file that the browser had begun with before the page was opened again.
export const lose = name => fail(begin({ name }), 'lost');

export const take = field => {
  if (field.type !== 'file') return;
  const files = [...field.files];
  field.value = ''; // The form goes without them.
  for (const file of files) add(file);
};
