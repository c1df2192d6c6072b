import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import passportPackage from 'passport';
import openIdConnect from 'passport-openidconnect';
import type { TestServer } from '../../support/server.ts';
import { alice, aProvider, callback, secret, throughPages } from './a-provider.ts';

let server: TestServer;
let app: Server;
let appUrl: string;

/** An application of one visitor: `/login` begins, `/callback` answers who signed in. */
beforeAll(async () => {
  server = await aProvider();
  const { issuer } = server;
  const passport = new passportPackage.Passport();
  passport.use(
    new openIdConnect.Strategy(
      {
        issuer,
        authorizationURL: `${issuer}/authorize`,
        tokenURL: `${issuer}/token`,
        userInfoURL: `${issuer}/userinfo`,
        clientID: 'knows-no-pkce',
        clientSecret: secret,
        callbackURL: callback,
        scope: 'profile email',
        nonce: true,
      },
      (from, uiProfile, idProfile, _context, idToken, _accessToken, refreshToken, _params, done) =>
        done(null, { from, uiProfile, subject: idProfile.id, idToken, refreshToken }),
    ),
  );
  const session = {};
  app = createServer((request, response) => {
    const query = Object.fromEntries(new URL(request.url ?? '', appUrl).searchParams);
    const answer = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
    const handler = passport.authenticate('openidconnect', { session: false }, (error, user, info) =>
      user ? answer(200, user) : answer(401, { error: String(error), info }),
    );
    handler(Object.assign(request, { query, session }), response, (error) => answer(500, { error: String(error) }));
  }).listen(0, '127.0.0.1');
  await once(app, 'listening');
  const address = app.address();
  appUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}, 60_000);

afterAll(async () => {
  app?.close();
  await server?.stop();
});

it('DESIGN §9: passport-openidconnect signs in untouched, without PKCE and with the secret in the body', async () => {
  const begun = await fetch(`${appUrl}/login`, { redirect: 'manual' });
  const { search } = await throughPages(begun.headers.get('location') ?? '', callback);

  const answer = await fetch(`${appUrl}/callback${search}`);

  expect({ status: answer.status, body: await answer.json() }).toEqual({
    status: 200,
    body: {
      from: server.issuer,
      subject: expect.any(String),
      idToken: expect.any(String),
      refreshToken: expect.any(String),
      uiProfile: expect.objectContaining({ displayName: 'Alice Archer', emails: [{ value: alice.userName }] }),
    },
  });
});
