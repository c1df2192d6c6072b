// A web application with a session of its own: sign-in by code + PKCE, tokens stay on the server.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import * as oidc from 'openid-client';

const issuer = new URL(process.env.ISSUER ?? 'http://localhost:3000');
const port = Number(process.env.PORT ?? 4000);
const home = `http://localhost:${port}`;
const clientId = process.env.CLIENT_ID ?? 'example-web';
const clientSecret = process.env.CLIENT_SECRET ?? 'example-web-secret-for-development-only';
const isLocal = issuer.protocol === 'http:';

const doorward = await oidc.discovery(issuer, clientId, undefined, oidc.ClientSecretBasic(clientSecret), {
  // Plain http is for development on one machine only.
  execute: isLocal ? [oidc.allowInsecureRequests] : [],
});

/** Session id (cookie) → what this application knows about the browser. A real application keeps this in its database. */
const sessions = new Map();

const server = createServer(async (req, res) => {
  const url = new URL(req.url ?? '/', home);
  const session = sessionOf(req);
  try {
    if (url.pathname === '/') await showHome(res, session);
    else if (url.pathname === '/login') await startSignIn(res);
    else if (url.pathname === '/callback') await finishSignIn(res, url, session);
    else if (url.pathname === '/logout' && req.method === 'POST') await signOut(res, session);
    else page(res, 404, '<p>There is no such page.</p>');
  } catch (error) {
    // The id finds the whole story in Doorward's audit log.
    page(
      res,
      400,
      `<p role="alert">Sign-in did not work: ${escapeHtml(error.error_description ?? error.message)}</p><p><a href="/">Back</a></p>`,
    );
  }
});

async function showHome(res, session) {
  if (session?.claims === undefined)
    return page(res, 200, '<p>You are not signed in.</p><p><a href="/login">Sign in</a></p>');
  const { name, preferred_username, email, roles = [], groups = [] } = session.claims;
  page(
    res,
    200,
    `<p>Signed in as <strong id="name">${escapeHtml(name ?? preferred_username)}</strong> (${escapeHtml(email ?? 'no e-mail')})</p>
     <p>Roles: <span id="roles">${escapeHtml(roles.join(', ') || 'none')}</span> · Groups: <span id="groups">${escapeHtml(groups.join(', ') || 'none')}</span></p>
     <form method="post" action="/logout"><button type="submit">Sign out</button></form>`,
  );
}

async function startSignIn(res) {
  const verifier = oidc.randomPKCECodeVerifier();
  const id = randomUUID();
  const state = oidc.randomState();
  const nonce = oidc.randomNonce();
  sessions.set(id, { verifier, state, nonce });
  const address = oidc.buildAuthorizationUrl(doorward, {
    redirect_uri: `${home}/callback`,
    scope: 'openid profile email roles groups',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  });
  redirect(res, address.href, id);
}

async function finishSignIn(res, url, session) {
  const tokens = await oidc.authorizationCodeGrant(doorward, url, {
    pkceCodeVerifier: session?.verifier,
    expectedState: session?.state,
    expectedNonce: session?.nonce,
  });
  const { sub } = tokens.claims();
  const claims = await oidc.fetchUserInfo(doorward, tokens.access_token, sub);
  // A new id at sign-in: whoever knew the old one has nothing.
  const id = randomUUID();
  sessions.delete(session.id);
  sessions.set(id, { claims, idToken: tokens.id_token });
  redirect(res, '/', id);
}

async function signOut(res, session) {
  if (session === undefined) return redirect(res, '/');
  sessions.delete(session.id);
  redirect(
    res,
    oidc.buildEndSessionUrl(doorward, { id_token_hint: session.idToken, post_logout_redirect_uri: `${home}/` }).href,
    '',
  );
}

function sessionOf(req) {
  const id = /(?:^|;\s*)example_session=([\w-]+)/.exec(req.headers.cookie ?? '')?.[1];
  const session = id === undefined ? undefined : sessions.get(id);
  return session && { id, ...session };
}

function redirect(res, location, sessionId) {
  const cookie =
    sessionId === undefined
      ? {}
      : { 'Set-Cookie': `example_session=${sessionId}; HttpOnly; SameSite=Lax; Path=/${isLocal ? '' : '; Secure'}` };
  res.writeHead(303, { Location: location, ...cookie }).end();
}

function page(res, status, body) {
  res.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' });
  res.end(
    `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Example web app</title><main><h1>Example web app</h1>${body}</main></html>`,
  );
}

function escapeHtml(text) {
  return String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

server.listen(port, 'localhost', () =>
  console.log(`Example web app: ${home}  (sign in as alice@example.com / seven otters keep the ledger)`),
);
