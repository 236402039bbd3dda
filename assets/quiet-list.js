// Keeps the list of conversations fresh while somebody can see it. What has the focus keeps it, and what is in view stays
// where it is. The server does not take these requests for a sign that somebody is there.
const every = 20_000;
const news = document.getElementById('news');
let fetching = false;
let latest = Date.now();

const key = item => item.dataset.id;
const plural = (number, one, many) => number === 1 ? `1 ${one}` : `${number} ${many}`;

async function refresh() {
  if (fetching || document.visibilityState !== 'visible') return;
  fetching = true;
  try {
    // What is open beside the list has an address of its own.
    const answer = await fetch(document.getElementById('list')?.dataset.address ?? location.href, { headers: { 'HX-Request': 'true', 'X-Background-Refresh': '1' }, cache: 'no-store' });
    const elsewhere = answer.headers.get('HX-Redirect');
    if (elsewhere) location.assign(elsewhere); // Signed out: the names on this page are nobody's business now.
    else if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('list'));
  } catch {
    // No network just now: the next time will do.
  } finally {
    fetching = false;
    latest = Date.now();
  }
}

function show(fresh) {
  const list = document.getElementById('list');
  for (const group of list?.querySelectorAll('details[open]') ?? []) fresh?.querySelector(`#${group.id}`)?.setAttribute('open', '');
  if (!fresh || !list || fresh.outerHTML === list.outerHTML) return;
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  const focusedHref = focused?.getAttribute('href');
  // A row that is in view stays where it is on the screen: the one with the focus, else the first whose head can be seen.
  const rows = [...list.querySelectorAll('[data-id]')];
  const pane = document.getElementById('pane');
  const scroller = pane && pane.scrollHeight > pane.clientHeight && getComputedStyle(pane).overflowY === 'auto' ? pane : document.scrollingElement;
  const top0 = scroller === pane ? pane.getBoundingClientRect().top : 0;
  const anchor = focused?.closest('[data-id]') ?? (scroller.scrollTop > 0 ? rows.find(row => row.getBoundingClientRect().top >= top0) : null);
  const top = anchor?.getBoundingClientRect().top;
  const before = new Map(rows.map(row => [key(row), row.dataset]));

  announce(fresh, before);
  badge(fresh.dataset.attention);
  list.replaceWith(document.adoptNode(fresh));

  document.dispatchEvent(new Event('desk:listed'));
  if (focusedHref) [...fresh.querySelectorAll('a')].find(link => link.getAttribute('href') === focusedHref)?.focus({ preventScroll: true });
  const same = anchor && fresh.querySelector(`[data-id="${key(anchor)}"]`);
  if (same) scroller.scrollBy({ top: same.getBoundingClientRect().top - top, behavior: 'instant' });
}

function announce(fresh, before) {
  const rows = [...fresh.querySelectorAll('[data-attention-for]')].filter(row => before.get(key(row))?.attentionFor !== row.dataset.attentionFor);
  const replies = rows.filter(row => row.dataset.attentionFor === 'reply').length;
  const others = rows.length - replies;
  const words = [
    replies > 0 && plural(replies, 'new reply', 'new replies'),
    others > 0 && plural(others, 'message has trouble', 'messages have trouble'),
  ].filter(Boolean);
  if (words.length > 0) news.textContent = words.join(', ');
}

// The count beside the link in the navigation, and in the title of the tab.
function badge(count) {
  const shown = document.getElementById('attention');
  if (!shown) return;
  document.title = (count === '0' ? '' : `(${count}) `) + document.title.replace(/^\(\d+\) /, '');
  if (count === '0') return shown.replaceChildren();
  const [number, words] = [document.createElement('span'), document.createElement('span')];
  words.className = 'nhsuk-u-visually-hidden';
  words.textContent = ' to do';
  number.className = 'app-badge';
  number.replaceChildren(count, words);
  shown.replaceChildren(number);
}

// Whatever is done beside the list may change it, and so does a message that has left.
document.addEventListener('htmx:afterSettle', event => {
  if (event.detail.target?.id === 'open' || event.detail.pathInfo?.requestPath?.endsWith('/delivery')) refresh();
});
setInterval(refresh, every);
document.addEventListener('visibilitychange', () => {
  if (Date.now() - latest >= every) refresh();
});
