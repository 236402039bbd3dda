// For the page that finds patients: arrow keys move through what was found, Enter opens as any link does.
(() => {
  const box = () => document.querySelector('form[role=search] [name=q]');
  const links = () => [...document.querySelectorAll('#results tbody a[href]')];

  document.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.isComposing || !box())
      return;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      const all = links();
      const at = all.indexOf(e.target);
      if (all.length === 0 || (at < 0 && (e.target !== box() || e.key === 'ArrowUp')))
        return;
      e.preventDefault();
      const next = at + (e.key === 'ArrowDown' ? 1 : -1);
      (next < 0 ? box() : all[Math.min(next, all.length - 1)]).focus();
    }
  });

  // Whoever is on one of them while the list is put in place anew stays on it.
  let at = null;
  document.addEventListener('htmx:beforeSwap', (e) => {
    at = e.detail.target.id === 'results' ? document.activeElement.closest('#results tbody a')?.getAttribute('href') : null;
  });
  document.addEventListener('htmx:afterSwap', () => {
    if (at)
      (links().find(link => link.getAttribute('href') === at) ?? box())?.focus();
    at = null;
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
})();
