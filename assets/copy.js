// Copies the text of the element that a button names. Says so where a status follows it.
function show() {
  for (const button of document.querySelectorAll('[data-copy]')) button.hidden = false;
}

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const status = document.getElementById(`${button.dataset.copy}-copied`);
  status.textContent = '';
  try {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    status.textContent = 'Copied';
  } catch {
    status.textContent = 'Your browser did not allow it. Select the text and copy it by hand.';
  }
});

if (navigator.clipboard) {
  show();
  document.addEventListener('htmx:load', show);
}
