// Code + PKCE in the browser; tokens are renewed with a refresh token, not with hidden frames.
const { UserManager, WebStorageStateStore } = window.oidc;
const settings = await (await fetch('/settings.json')).json();
const element = (id) => document.getElementById(id);

const manager = new UserManager({
  authority: settings.issuer,
  client_id: settings.clientId,
  redirect_uri: `${location.origin}/`,
  post_logout_redirect_uri: `${location.origin}/`,
  scope: 'openid profile email offline_access orders:read orders:write',
  resource: settings.resource,
  // RFC 8707 §2.2: the token request says which API the access token is for.
  extraTokenParams: { resource: settings.resource },
  automaticSilentRenew: true,
  userStore: new WebStorageStateStore({ store: sessionStorage }),
});

element('sign-in').onclick = () => manager.signinRedirect();
element('sign-out').onclick = () => manager.signoutRedirect();
element('renew').onclick = async () => {
  const before = (await manager.getUser())?.access_token;
  const user = await manager.signinSilent();
  element('result').textContent =
    user?.access_token !== before ? 'Renewed: a new access token.' : 'The token is still the same.';
};
element('call').onclick = async () => {
  const user = await manager.getUser();
  const answer = await fetch(`${settings.api}/orders`, { headers: { authorization: `Bearer ${user?.access_token}` } });
  element('result').textContent = `${answer.status} ${JSON.stringify(await answer.json(), null, 2)}`;
};

async function show() {
  const user = await manager.getUser();
  const isSignedIn = user !== null && !user.expired;
  element('status').textContent = isSignedIn
    ? `Signed in as ${user.profile.name ?? user.profile.sub}, scope: ${user.scope}`
    : 'You are not signed in.';
  element('sign-in').hidden = isSignedIn;
  for (const id of ['renew', 'call', 'sign-out']) element(id).hidden = !isSignedIn;
}

const answer = new URLSearchParams(location.search);
try {
  if (answer.has('code') || answer.has('error')) {
    await manager.signinCallback();
    history.replaceState(null, '', '/');
  } else if (answer.has('state')) {
    await manager.signoutCallback();
    history.replaceState(null, '', '/');
  }
  await show();
} catch (error) {
  element('status').textContent = `Sign-in did not work: ${error.message}`;
  element('sign-in').hidden = false;
}
