// Copies the text of the element that a button names. Says so where a status follows it.
for (const button of navigator.clipboard ? document.querySelectorAll('[data-copy]') : []) {
  const status = document.getElementById(`${button.dataset.copy}-copied`);
  button.hidden = false;
  button.addEventListener('click', async () => {
    status.textContent = '';
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      status.textContent = 'Copied';
    } catch {
      status.textContent = 'Your browser did not allow it. Select the text and copy it by hand.';
    }
  });
}
