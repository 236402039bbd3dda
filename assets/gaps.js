// Where typing goes on after a template or ordinary characters were put into the message.
const gap = '___';
const field = () => document.getElementById('text');
let behind = 0; // Characters after the cursor.

// Selects the first gap of a template, so that typing fills it in.
function begin() {
  const at = document.querySelector('[data-filled]') ? field().value.indexOf(gap) : -1;
  if (at < 0) return false;
  field().focus();
  field().setSelectionRange(at, at + gap.length);
  document.getElementById('gap-news').textContent = 'The first gap is selected. Type to fill it in.';
  return true;
}

// Without a gap typing goes on at the end.
if (!begin() && document.querySelector('[data-filled]')) field().setSelectionRange(field().value.length, field().value.length);
document.addEventListener('htmx:beforeSwap', event => {
  if (event.target.id === 'composer') behind = field().value.length - field().selectionEnd;
});
// htmx gives the focus to the field first.
document.addEventListener('htmx:afterSettle', event => {
  if (event.target.id !== 'composer' || begin()) return;
  const at = Math.max(0, field().value.length - behind);
  field().setSelectionRange(at, at);
});
