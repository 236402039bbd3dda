// Adds passkeys and signs in with them. A form says which, and where its options come from; the answer travels in the form.
async function ask(form) {
  const answer = await fetch(form.dataset.options, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
  // The form is stale, or the browser keeps no cookies: the page that answers the form itself says so.
  if (answer.status === 400) return form.submit();
  if (!answer.ok) throw new Error('No options');
  // The server wants something else first, such as the password once more.
  if (answer.redirected) return location.assign(answer.url);
  const options = await answer.json();
  const credential = form.dataset.passkey === 'create'
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  form.elements.credential.value = JSON.stringify(credential);
  form.submit();
}

if (window.PublicKeyCredential?.parseCreationOptionsFromJSON && window.PublicKeyCredential.parseRequestOptionsFromJSON) {
  for (const note of document.querySelectorAll('[data-passkey-missing]')) note.hidden = true;
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    const error = form.querySelector('[data-passkey-error]');
    form.hidden = false;
    form.addEventListener('submit', event => {
      event.preventDefault();
      error.hidden = true;
      ask(form).catch(() => { error.hidden = false; });
    });
  }
}
