// While a message can still be undone: the seconds for the eye, and one sentence for those who listen.
function begin() {
  const left = document.querySelector('[data-undo]:empty');
  const seconds = Number(left?.dataset.undo);
  if (!seconds) return;
  const leaves = Date.now() + 1000 * seconds;
  const show = () => {
    const rest = Math.ceil((leaves - Date.now()) / 1000);
    left.textContent = rest > 0 ? ` (${rest})` : ' (leaving)';
    if (rest > 0 && left.isConnected) setTimeout(show, 250);
  };
  show();
  const news = left.closest('form').querySelector('[role=status]');
  setTimeout(() => { news.textContent = `The message leaves in ${seconds} seconds. Press Undo to stop it.`; }, 300);
}

// The bar changes when the message has left: whoever was on Undo stays in the bar.
let wasInBar = false;
document.addEventListener('htmx:oobBeforeSwap', event => {
  if (event.detail.target.id === 'bar') wasInBar = event.detail.target.contains(document.activeElement);
});
document.addEventListener('htmx:oobAfterSwap', () => {
  if (wasInBar) document.getElementById('bar')?.focus({ preventScroll: true });
  wasInBar = false;
});
document.addEventListener('htmx:afterSettle', begin);
begin();
