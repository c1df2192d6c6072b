import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aProvider, type TestProvider } from '../../../support/provider.ts';
import { basic, obtainCode, post, redeem } from '../../../support/provider-browser.ts';
import { addClient, addUser } from '../../../support/provider-seed.ts';

const web = basic('web', 'web-secret');
let idp: TestProvider;
let besides: TestProvider;
let alice: string;

beforeAll(async () => {
  idp = await aProvider();
  besides = await aProvider({ besides: idp });
  await addClient(idp, { clientId: 'web', secret: 'web-secret' });
  alice = await addUser(idp, { userName: 'alice' });
});

afterAll(async () => {
  await besides.end();
  await idp.end();
});

it('RFC 6749 §4.1.2: of 50 parallel redemptions over two processes one succeeds, and the grant is gone', async () => {
  const signedIn = await obtainCode(idp, { clientId: 'web', scope: 'openid offline_access' }, { accountId: alice });

  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => redeem(index % 2 === 0 ? idp : besides, signedIn, web)),
  );

  const granted = answers.filter(({ status }) => status === 200);
  expect(granted).toHaveLength(1);
  expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(49);
  const { access_token: token, refresh_token: refreshToken } = granted[0]?.body ?? {};
  expect((await post(idp, '/introspect', { token: String(token) }, { authorization: web })).body).toEqual({
    active: false,
  });
  const refreshed = await post(
    idp,
    '/token',
    { grant_type: 'refresh_token', refresh_token: String(refreshToken) },
    { authorization: web },
  );
  expect(refreshed.body.error).toBe('invalid_grant');
});

it('a code redeemed a second time ends what the first redemption gave', async () => {
  const signedIn = await obtainCode(idp, { clientId: 'web' }, { accountId: alice });
  const first = await redeem(idp, signedIn, web);

  const second = await redeem(besides, signedIn, web);

  expect(second.body.error).toBe('invalid_grant');
  const userinfo = await fetch(`${idp.issuer}/userinfo`, {
    headers: { authorization: `Bearer ${first.body.access_token}` },
  });
  expect(userinfo.status).toBe(401);
});

it('a sign-in started on one process finishes on another', async () => {
  const signedIn = await obtainCode(besides, { clientId: 'web' }, { accountId: alice });

  expect((await redeem(idp, signedIn, web)).status).toBe(200);
});
