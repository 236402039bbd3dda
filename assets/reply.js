// The reply page on a poor phone with a poor signal: each file goes by itself, and words are saved while they are typed.
// Rules and words are the server's. Without this script the form does the same in one POST. Kept to the syntax of 2017.
(() => {
  const byId = id => document.getElementById(id);
  const form = byId('reply');
  const address = form.getAttribute('action');
  const { text, typed, __RequestVerificationToken: token } = form.elements;
  const live = byId('live');
  const rules = live.dataset;
  const queue = []; // Files that are not with the server yet, oldest first.
  const thumbs = {};
  let unseen = []; // Files that were refused and that the patient was not stopped for yet.
  let running, dirty, saving, trouble, stopped, leaving;
  let sender; // The button that was pressed to send, while something still has to arrive before.
  let pressed;
  let timer;
  let latest = +rules.typed;

  const say = (words, ...values) => rules[words].replace(/{(\d)}/g, (_, n) => values[n]);
  const tell = words => { byId('status').textContent = words; };
  // By this browser's clock, and never twice the same.
  const now = () => (latest = Math.max(Date.now(), latest + 1));

  // Storage may be forbidden or full.
  const recall = what => { try { return JSON.parse(sessionStorage.getItem(what + address)) || []; } catch (e) { return []; } };
  const remember = (what, value) => { try { sessionStorage.setItem(what + address, JSON.stringify(value)); } catch (e) { /* Then not. */ } };

  const dataOf = fields => fields.reduce((data, field) => (data.append(...field), data), new FormData());

  // One request. Its status is 0 when no answer came, also after a minute without a sign of life.
  const post = (path, fields, job) => new Promise(done => {
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
  const patience = (tries, job) => new Promise(done => {
    job.wake = done;
    addEventListener('online', done, { once: true });
    if (navigator.onLine) setTimeout(done, Math.min(2 ** tries, 30) * 1000);
  });

  const mayPass = answer => answer.status === 0 || answer.status === 408 || answer.status >= 500;

  const insist = async (fields, job) => {
    for (let tries = 0; ;) {
      const answer = await post('/files', fields, job);
      if (job.gone || !mayPass(answer) || tries === 7) return answer;
      if (job.waits) job.waits();
      await patience(navigator.onLine ? tries++ : tries, job);
      if (job.gone) return answer;
    }
  };

  // The link is over, or the page is too old: sending the form tells more.
  const stop = () => {
    stopped = true;
    byId('stopped').hidden = false;
  };

  const addPicture = (item, image) => item.querySelector('.app-attached__name').prepend(image);

  const parse = answer => new DOMParser().parseFromString(answer.responseText, 'text/html');
  const removers = () => [...byId('attached').querySelectorAll('[name=action]')];

  // What had the focus keeps it, or hands it on to what is nearest.
  const focusAfter = focused => (focused.isConnected ? focused : byId(byId('choose').hidden ? 'attached' : 'files')).focus();

  const offerDelete = () => { byId('delete').hidden = !removers().length && !text.value; };

  // Shows the server's list, and says what is new in it.
  const show = page => {
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

  const remove = value => change([['action', value]]);

  // What had left when it was cancelled.
  const removeNew = async () => {
    const added = await change([]);
    if (added) await remove(added);
  };

  const dropSummary = () => {
    for (const summary of document.querySelectorAll('.nhsuk-error-summary')) summary.remove();
  };

  const close = job => {
    const focused = document.activeElement;
    job.item.remove();
    unseen = unseen.filter(other => other !== job);
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
    unseen.push(job);
    tell(message);
  };

  const fail = (job, words, again) => refuse(job, `${job.name}: ${rules[words]}`, again);

  // What a photo begins with, whatever its name and type: JPEG's two bytes, or PNG's. A browser that would lose which way is up leaves photos alone.
  const startsAsPhoto = async file => {
    try {
      const head = new Uint8Array(await new Response(file.slice(0, 2)).arrayBuffer());
      return /^(255,216|137,80)$/.test(head) && CSS.supports('image-orientation', 'from-image');
    } catch (e) { return false; }
  };

  // Small enough for a poor signal and for the clinician's computer, and upright.
  const shrink = job => new Promise(done => {
    const picture = new Image();
    const url = URL.createObjectURL(job.file);
    const end = () => { URL.revokeObjectURL(url); done(); };
    picture.onerror = end;
    picture.onload = () => {
      const { naturalWidth: width, naturalHeight: height } = picture;
      if (job.file.size <= rules.maxBytes && width * height <= rules.maxPixels && Math.max(width, height) <= rules.maxSide) return end();
      tell(job.item.children[2].textContent = say('shrinking', job.name));
      const scale = Math.min(1, rules.maxSide / Math.max(width, height), Math.sqrt(rules.pixels / width / height));
      const canvas = document.createElement('canvas');
      canvas.width = width * scale;
      canvas.height = height * scale;
      const paint = canvas.getContext('2d');
      paint.fillStyle = '#fff';
      paint.fillRect(0, 0, canvas.width, canvas.height);
      paint.drawImage(picture, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(blob => {
        canvas.width = canvas.height = 0; // Gives its memory back.
        if (blob) [job.file, job.name] = [blob, job.name.replace(/\.png$/i, '.jpg')];
        end();
      }, 'image/jpeg', +rules.quality);
    };
    picture.src = url;
  });

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

  const rememberNames = () => remember('files', queue.map(job => job.name));

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
      sender = byId('sending').textContent = '';
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

  const count = () => {
    const left = rules.maxText - text.value.replace(/[\xad\x1f]/g, '').normalize().length; // As the server keeps it.
    byId('typing').hidden = !text.value;
    byId('left').textContent = say(left < 0 ? 'over' : 'left', Math.abs(left));
    return left;
  };

  const proxy = [...form.querySelectorAll('.app-proxy input')];
  const wordsNow = () => [['typed', typed.value], ['text', text.value], ...proxy.map(field => [field.name, field.type === 'text' ? field.value : field.checked])];

  const save = async () => {
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
        latest = Math.max(latest, answer.responseText); // 409: when newer words were typed.
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

  const isUnsaved = () => (dirty || saving) && !trouble;

  // Sends what was waiting to be sent, once everything has arrived.
  const settle = () => {
    if (!sender || !stopped && (queue.length || isUnsaved() || !navigator.onLine)) return;
    const button = sender;
    sender = byId('sending').textContent = '';
    button.click();
  };
  addEventListener('online', settle);

  const explain = () => {
    dropSummary();
    const summary = live.content.lastElementChild.cloneNode(true);
    const entry = summary.querySelector('li');
    for (const job of unseen) {
      const copy = entry.cloneNode(true);
      copy.firstElementChild.textContent = job.error;
      entry.before(copy);
    }
    entry.remove();
    unseen = [];
    form.parentNode.prepend(summary);
    summary.focus();
  };

  text.oninput = () => {
    typed.value = now();
    dirty = true;
    leaving = false;
    if (!saving) byId('saved').textContent = ''; // Else it may say that there is no signal, and that still holds.
    if (count() < 100) tell(byId('left').textContent);
    timer = timer || setTimeout(save, 2000);
  };

  for (const field of proxy) field.oninput = text.oninput;

  const take = field => {
    if (field.type !== 'file') return;
    const files = [...field.files];
    field.value = ''; // The form goes without them.
    for (const file of files) add(file);
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
    // A phone may be wrong about its signal: who presses again is believed.
    if (sends && (queue.length || isUnsaved() || !navigator.onLine && !sender)) {
      event.preventDefault();
      sender = pressed;
      byId('sending').textContent = !navigator.onLine ? rules.offline : queue.length ? rules.still : '';
      save();
    } else if (sends && unseen.length) {
      event.preventDefault();
      explain();
    } else {
      leaving = true;
      typed.value = now();
      if (pressed && pressed.value === 'delete') {
        remember('text', []);
        remember('files', []);
      }
    }
  };

  const flush = () => {
    if (!dirty && !saving || leaving || stopped) return;
    remember('text', wordsNow());
    navigator.sendBeacon(address + '/text', dataOf([[token.name, token.value], ...wordsNow()]));
  };
  addEventListener('pagehide', flush);
  document.addEventListener('visibilitychange', () => document.hidden && flush());

  form.classList.add('app-live');
  text.autocomplete = 'off'; // What the server has is newer than what the browser would fill in.
  const kept = recall('text');
  const isLost = kept.length && kept[0][1] > latest && text.value === text.defaultValue;
  for (const [name, value] of isLost ? kept : []) {
    const field = form.elements[name];
    field[field.type === 'checkbox' ? 'checked' : 'value'] = value;
  }
  count();
  // What was typed or chosen before this script had arrived.
  if (isLost || text.value !== text.defaultValue) text.oninput();
  for (const name of recall('files')) fail(begin({ name }), 'lost');
  rememberNames();
  [...form.elements].forEach(take);
})();
