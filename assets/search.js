// For pages with a search box: / leads to it, arrow keys move through what was found, Enter opens as any link does.
(() => {
  const off = 'slash-off';
  const box = () => document.querySelector('form[role=search] [name=q]');
  const links = () => [...document.querySelectorAll('#results tbody a[href]')];
  const isTyping = (e) => e.target.closest('input, textarea, select, [contenteditable]');

  // A single key must be possible to turn off (WCAG 2.1.4): speech input presses it by mistake.
  function showSlash() {
    const hint = document.getElementById('slash');
    if (hint)
      hint.hidden = localStorage.getItem(off) !== null;
  }

  document.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.isComposing || !box())
      return;
    if (e.key === '/' && !isTyping(e) && localStorage.getItem(off) === null) {
      e.preventDefault();
      box().focus();
      box().select();
    } else if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      const all = links();
      const at = all.indexOf(e.target);
      if (all.length === 0 || (at < 0 && (e.target !== box() || e.key === 'ArrowUp')))
        return;
      e.preventDefault();
      const next = at + (e.key === 'ArrowDown' ? 1 : -1);
      (next < 0 ? box() : all[Math.min(next, all.length - 1)]).focus();
    }
  });

  document.addEventListener('click', (e) => {
    if (!e.target.closest('#slash button'))
      return;
    localStorage.setItem(off, '1');
    showSlash();
    box().focus();
  });

  // What was typed just before Enter must not take the place of the answer to Enter.
  let submitting = false;
  document.addEventListener('htmx:confirm', (e) => {
    if (e.target.matches('form[role=search]'))
      submitting = true;
    else if (submitting && e.target === box())
      e.preventDefault();
  });
  document.addEventListener('htmx:afterRequest', (e) => {
    if (e.target.matches('form[role=search]'))
      submitting = false;
  });

  document.addEventListener('htmx:load', showSlash);
  showSlash();
})();
