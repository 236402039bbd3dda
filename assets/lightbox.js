// Pictures of the reply, large: previous and next, zoom and rotate, by button or key. Without it each is a plain link.
let links = [];

const element = (tag, className, text = '') => {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
};

function lightbox() {
  const dialog = element('dialog', 'app-lightbox');
  dialog.setAttribute('aria-label', 'Pictures of the reply');
  const bar = element('div', 'app-lightbox__bar');
  const status = element('p', 'app-lightbox__status');
  status.setAttribute('role', 'status');
  const stage = element('div', 'app-lightbox__stage');
  const frame = element('div', 'app-lightbox__frame');
  const picture = element('img', 'app-lightbox__picture');
  frame.append(picture);
  stage.append(frame);

  let shown = 0, zoom = 1, turns = 0;
  const others = [];

  // The frame is as large as the turned picture, so that the stage scrolls over all of it.
  function draw() {
    const sideways = turns % 2 === 1;
    const [width, height] = [picture.naturalWidth || 1, picture.naturalHeight || 1];
    const fit = Math.min(stage.clientWidth / (sideways ? height : width), stage.clientHeight / (sideways ? width : height), 1) * zoom;
    picture.style.width = `${width * fit}px`;
    picture.style.height = `${height * fit}px`;
    frame.style.width = `${(sideways ? height : width) * fit}px`;
    frame.style.height = `${(sideways ? width : height) * fit}px`;
    picture.style.transform = `translate(-50%, -50%) rotate(${turns * 90}deg)`;
  }

  function show(index) {
    [shown, zoom, turns] = [(index + links.length) % links.length, 1, 0];
    const thumbnail = links[shown].querySelector('img');
    picture.alt = thumbnail.alt;
    picture.src = thumbnail.src;
    status.textContent = `Picture ${shown + 1} of ${links.length}: ${links[shown].dataset.picture}`;
    draw();
  }

  const zoomTo = to => {
    zoom = Math.min(Math.max(to, 1), 8);
    status.textContent = `Zoom ${Math.round(zoom * 100)} %`;
    draw();
  };
  const turn = () => {
    turns = (turns + 1) % 4;
    status.textContent = `Turned by ${turns * 90} degrees`;
    draw();
  };
  const actions = {
    Previous: () => show(shown - 1),
    Next: () => show(shown + 1),
    'Zoom in': () => zoomTo(zoom * 1.5),
    'Zoom out': () => zoomTo(zoom / 1.5),
    Rotate: turn,
    Close: () => dialog.close(),
  };
  for (const [name, act] of Object.entries(actions)) {
    const button = element('button', 'app-lightbox__button', name);
    button.type = 'button';
    button.addEventListener('click', act);
    bar.append(button);
    if (name === 'Previous' || name === 'Next') others.push(button);
  }
  const keys = { '+': 'Zoom in', '=': 'Zoom in', '-': 'Zoom out', r: 'Rotate', R: 'Rotate' };
  const arrows = { ArrowLeft: [-1, 0, 'Previous'], ArrowRight: [1, 0, 'Next'], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  dialog.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [x, y, name] = arrows[event.key] ?? [0, 0, keys[event.key]];
    if (zoom > 1 && (x || y)) stage.scrollBy(x * 80, y * 80);
    else if (name) actions[name]();
    else return;
    event.preventDefault();
  });
  picture.addEventListener('load', draw);
  window.addEventListener('resize', draw);

  dialog.append(bar, status, stage,
    element('p', 'app-lightbox__keys', 'Keys: ← → other pictures, + − zoom, arrows move when zoomed, R rotates, Esc closes'));
  document.body.append(dialog);
  // The browser gives the focus back to the link when the dialog closes.
  return index => {
    for (const button of others) button.hidden = links.length === 1;
    dialog.showModal();
    show(index);
  };
}

let open;
document.addEventListener('click', event => {
  const link = event.target.closest('[data-picture]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  links = [...document.querySelectorAll('[data-picture]')];
  open ??= lightbox();
  open(links.indexOf(link));
});
