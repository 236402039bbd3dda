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
    const answer = await fetch(location.href, { headers: { 'HX-Request': 'true', 'X-Background-Refresh': '1' }, cache: 'no-store' });
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
  if (!fresh || !list || fresh.outerHTML === list.outerHTML) return;
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  const focusedHref = focused?.getAttribute('href');
  // A row that is in view stays where it is on the screen: the one with the focus, else the first whose head can be seen.
  const rows = [...list.querySelectorAll('[data-id]')];
  const anchor = focused?.closest('[data-id]') ?? (scrollY > 0 ? rows.find(row => row.getBoundingClientRect().top >= 0) : null);
  const top = anchor?.getBoundingClientRect().top;
  const before = new Map(rows.map(row => [key(row), row.dataset]));

  announce(fresh, before);
  badge(fresh.dataset.attention);
  list.replaceWith(document.adoptNode(fresh));

  if (focusedHref) [...fresh.querySelectorAll('a')].find(link => link.getAttribute('href') === focusedHref)?.focus({ preventScroll: true });
  const same = anchor && fresh.querySelector(`[data-id="${key(anchor)}"]`);
  if (same) scrollBy({ top: same.getBoundingClientRect().top - top, behavior: 'instant' });
}

function announce(fresh, before) {
  const rows = [...fresh.querySelectorAll('[data-attention-for]')].filter(row => before.get(key(row))?.attentionFor !== row.dataset.attentionFor);
  const replies = rows.filter(row => row.dataset.attentionFor === 'reply').length;
  const others = rows.length - replies;
  const words = [
    replies > 0 && plural(replies, 'new reply', 'new replies'),
    others > 0 && plural(others, 'message needs attention', 'messages need attention'),
  ].filter(Boolean);
  if (words.length > 0) news.textContent = words.join(', ');
}

// The count beside the link in the navigation.
function badge(count) {
  const link = document.querySelector('.app-nav__link[href="/conversations"]');
  const old = link?.querySelector('.app-badge');
  if (count === '0') return old?.remove();
  const shown = old ?? document.createElement('span');
  const words = document.createElement('span');
  words.className = 'nhsuk-u-visually-hidden';
  words.textContent = ' need attention';
  shown.className = 'app-badge';
  shown.replaceChildren(count, words);
  if (!old) link?.append(shown);
}

setInterval(refresh, every);
document.addEventListener('visibilitychange', () => {
  if (Date.now() - latest >= every) refresh();
});
