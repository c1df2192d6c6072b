// Asks the browser for a passkey, or to make one, and posts its answer in the form beside the button. Without it the button
// stays hidden, and what says so stays. What is asked stands in the page.
const block = document.querySelector('[data-passkey]');

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const withBytes = (list) => list.map((one) => ({ ...one, id: bytes(one.id) }));

function answerOf({ id, rawId, type, response }) {
  const { clientDataJSON, attestationObject, authenticatorData, signature, userHandle } = response;
  const buffers = { clientDataJSON, attestationObject, authenticatorData, signature, userHandle };
  const sent = Object.fromEntries(
    Object.entries(buffers)
      .filter(([, buffer]) => buffer)
      .map(([name, buffer]) => [name, text(buffer)]),
  );
  if (attestationObject) sent.transports = response.getTransports?.() ?? [];
  return JSON.stringify({ id, rawId: text(rawId), type, response: sent });
}

function send(form, credential) {
  form.elements.namedItem('passkey').value = answerOf(credential);
  HTMLFormElement.prototype.submit.call(form);
}

const show = (name, isShown) => {
  const note = block.querySelector(`[data-passkey-${name}]`);
  if (note) note.hidden = !isShown;
};

function ask(mode, json, more) {
  const publicKey = { ...json, challenge: bytes(json.challenge) };
  if (mode === 'get')
    return navigator.credentials.get({
      publicKey: { ...publicKey, allowCredentials: withBytes(json.allowCredentials) },
      ...more,
    });
  const user = { ...json.user, id: bytes(json.user.id) };
  return navigator.credentials.create({
    publicKey: { ...publicKey, user, excludeCredentials: withBytes(json.excludeCredentials) },
    ...more,
  });
}

/** The server offers to make a passkey after a password, where one can be made. */
async function tellAbility() {
  const form = document.querySelector('input[name="password"], input[name="code"]')?.form;
  if (!form || !(await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable?.())) return;
  const field = Object.assign(document.createElement('input'), { type: 'hidden', name: 'passkeys', value: 'yes' });
  form.append(field);
}

async function start() {
  const form = block.querySelector('form');
  const mode = block.dataset.passkey;
  const json = JSON.parse(block.dataset.options);
  let waiting;
  block.hidden = false;
  document.querySelector('[data-without-passkeys]')?.remove();
  form.querySelector('button').addEventListener('click', async () => {
    // The browser asks one thing at a time: what waits in the field of the name gives way.
    waiting?.abort();
    show('failed', false);
    show('exists', false);
    try {
      send(form, await ask(mode, json));
    } catch (error) {
      show(error.name === 'InvalidStateError' ? 'exists' : 'failed', true);
    }
  });
  const hasField = mode === 'get' && document.querySelector('input[autocomplete~="webauthn"]');
  if (!hasField || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  waiting = new AbortController();
  ask(mode, json, { mediation: 'conditional', signal: waiting.signal }).then(
    (credential) => send(form, credential),
    () => {},
  );
}

/** Passkeys that are no more leave the browser's list too. A browser that cannot do it keeps them. */
function tell({ method, options }) {
  if (method.startsWith('signal')) PublicKeyCredential[method]?.(options).catch(() => {});
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const signal of JSON.parse(block?.dataset.signals ?? '[]')) tell(signal);
  if (block) start();
  tellAbility();
}
