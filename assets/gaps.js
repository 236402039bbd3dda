// Selects the first gap of a template that was just put into a message, so that typing fills it in.
const gap = '___';

function begin() {
  const text = document.getElementById('text');
  const at = document.querySelector('[data-filled]') ? text.value.indexOf(gap) : -1;
  if (at < 0) return;
  text.focus();
  text.setSelectionRange(at, at + gap.length);
  document.getElementById('gap-news').textContent = 'The first gap is selected. Type to fill it in.';
}

begin();
// htmx gives the focus to the field first.
document.addEventListener('htmx:afterSettle', event => {
  if (event.target.id === 'composer') begin();
});
