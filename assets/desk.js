// The desk: the list on the left, and beside it, without a page in between, the conversation that is chosen. What is typed in one stays
// with it while others are open; it is in this page's memory only, and the browser asks before the page goes.
const wide = matchMedia('(min-width: 1100px)');
const open = document.getElementById('open');
const typed = new Map();

const box = () => document.querySelector('#compose #text');
const owner = () => document.querySelector('#compose [name=follows]')?.value;

// Rows are plain links: elsewhere, and with a key pressed, they work as such.
document.addEventListener('click', event => {
  const link = event.target.closest('a[data-open]');
  if (!link || !open || !wide.matches || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  htmx.ajax('GET', link.pathname, { source: link, target: '#open', push: link.pathname });
});

function keep() {
  const [field, whose] = [box(), owner()];
  if (!field || !whose) return;
  if (field.value.trim()) typed.set(whose, field.value);
  else typed.delete(whose);
}

function bringBack() {
  const [field, kept] = [box(), typed.get(owner())];
  if (field && kept !== undefined && field.value.trim() === '') field.value = kept;
}

// The row that is open, and no longer new.
function mark() {
  for (const link of document.querySelectorAll('a[data-open]')) {
    if (link.pathname !== location.pathname) {
      link.removeAttribute('aria-current');
      continue;
    }
    link.setAttribute('aria-current', 'true');
    const row = link.closest('[data-id]');
    row.classList.remove('app-conversations__item--unseen');
    row.querySelector('.app-conversations__new')?.remove();
  }
}

document.addEventListener('htmx:beforeRequest', event => {
  // Sent: it is a message now. When it is refused, the answer holds it.
  if (event.target.id === 'compose') typed.delete(owner());
  else keep();
});
document.addEventListener('htmx:beforeSwap', event => {
  if (event.detail.target === open && event.detail.requestConfig.elt?.id !== 'compose') keep();
});
document.addEventListener('htmx:afterSettle', event => {
  if (event.detail.target !== open) return;
  bringBack();
  const failed = open.querySelector('.nhsuk-error-summary');
  const reached = document.getElementById('opened');
  if (!failed) reached?.scrollIntoView({ block: 'nearest' });
  (failed ?? open.querySelector('h1'))?.focus({ preventScroll: true });
});
document.addEventListener('htmx:pushedIntoHistory', mark);
document.addEventListener('desk:listed', mark);

let leaving = false;
// Those that htmx sends stay.
document.addEventListener('submit', event => { leaving = !event.defaultPrevented; });
window.addEventListener('beforeunload', event => {
  keep();
  if (typed.size > 0 && !leaving) event.preventDefault();
});
window.addEventListener('pageshow', () => { leaving = false; });

bringBack();
document.querySelector('#pane a[aria-current=true][data-open]')?.scrollIntoView({ block: 'nearest' });
// Without a place in its address the page would begin with the oldest message.
if (!location.hash) document.getElementById('opened')?.scrollIntoView({ block: 'nearest' });
