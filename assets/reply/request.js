// Requests over a poor signal.
import { address, byId, token } from './page.js';

export let stopped;

// The link is over, or the page is too old: sending the form tells more.
export const stop = () => {
  stopped = true;
  byId('stopped').hidden = false;
};

export const dataOf = fields => fields.reduce((data, field) => (data.append(...field), data), new FormData());

// One request. Its status is 0 when no answer came, also after a minute without a sign of life.
export const post = (path, fields, job) => new Promise(done => {
  let watch;
  const request = job.request = new XMLHttpRequest();
  const alive = () => { clearTimeout(watch); watch = setTimeout(() => request.abort(), 60000); };
  request.open('POST', address + path);
  request.upload.onprogress = event => { alive(); if (job.progress) job.progress(event.loaded / event.total); };
  request.onloadend = () => { clearTimeout(watch); done(request); };
  alive();
  request.send(dataOf([[token.name, token.value], ...fields]));
});

// Waits more and more, or for the signal to come back.
export const patience = (tries, job) => new Promise(done => {
  job.wake = done;
  addEventListener('online', done, { once: true });
  if (navigator.onLine) setTimeout(done, Math.min(2 ** tries, 30) * 1000);
});

export const mayPass = answer => answer.status === 0 || answer.status === 408 || answer.status >= 500;

export const insist = async (fields, job) => {
  for (let tries = 0; ;) {
    const answer = await post('/files', fields, job);
    if (job.gone || !mayPass(answer) || tries === 7) return answer;
    if (job.waits) job.waits();
    await patience(navigator.onLine ? tries++ : tries, job);
    if (job.gone) return answer;
  }
};

export const parse = answer => new DOMParser().parseFromString(answer.responseText, 'text/html');
