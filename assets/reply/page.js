// The page as the server made it: its form, its words and its rules.
export const byId = id => document.getElementById(id);
export const form = byId('reply');
export const address = form.getAttribute('action');
export const { text, typed, __RequestVerificationToken: token } = form.elements;
export const live = byId('live');
export const rules = live.dataset;

export const say = (words, ...values) => rules[words].replace(/{(\d)}/g, (_, n) => values[n]);
export const tell = words => { byId('status').textContent = words; };

export const dropSummary = () => {
  for (const summary of document.querySelectorAll('.nhsuk-error-summary')) summary.remove();
};

// What had the focus keeps it, or hands it on to what is nearest.
export const focusAfter = focused => (focused.isConnected ? focused : byId(byId('choose').hidden ? 'attached' : 'files')).focus();
