import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acr } from '../../../src/domain/authentication/next-factor.ts';
import type { Bent } from '../../support/authenticator.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, callback, type TestClient } from '../interaction/a-sign-in.ts';
import {
  addPasskey,
  askedOn,
  eventsOf,
  passkeyMails,
  passkeyRows,
  sessionOf,
  signalsOn,
  signedIn,
  useOn,
} from './a-passkey.ts';

let server: RunningServer;
let app: TestClient;

beforeAll(async () => {
  server = await startServer();
  app = await aClient(server, { firstParty: true });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

async function aPersonWithPasskey(facts = {}) {
  const user = await aPerson(server);
  const { authenticator } = await addPasskey(server, await signedIn(server, user), facts);
  await server.foundation.pool.query(`DELETE FROM provider_records WHERE account_id = $1`, [user.id]);
  return { user, authenticator };
}

async function atLogin(more = {}) {
  const visitor = new WebVisitor(server);
  return { visitor, page: await visitor.get(authorizeUrl(server, app, more)) };
}

describe('signing in with a passkey', () => {
  it.each([
    ['one that is on many devices', { isSynced: true, countsNothing: true }],
    ['one of this device, which nobody vouches for', {}],
  ])('RFC 8176: %s is a key in software, a person present, and two factors', async (_, facts) => {
    const { user, authenticator } = await aPersonWithPasskey(facts);
    const { visitor, page } = await atLogin();

    const end = await useOn(visitor, page, authenticator);

    expect(callback(end.url).code).toBeDefined();
    expect(await sessionOf(server, user.id)).toMatchObject({ acr: acr.twoFactors, amr: ['swk', 'user', 'mfa'] });
    expect(await eventsOf(server, user.id)).toEqual(expect.arrayContaining(['factors.verified', 'sign-ins.succeeded']));
    expect(visitor.cookie('doorward_device')).toBeDefined();
  });

  it('the field of the name takes part in it (WebAuthn §5.1.4 conditional mediation), and the password stays', async () => {
    const { page } = await atLogin();

    expect(page.html).toContain('autocomplete="username webauthn"');
    expect(page.html).toContain('name="password"');
    expect(page.html).toMatch(/<script src="\/assets\/passkey\.js\?v=[\w-]+" defer><\/script>/);
  });

  it('SECURITY-LESSONS 21: what is asked is the same for known and unknown people', async () => {
    const { user } = await aPersonWithPasskey();
    const known = await atLogin({ login_hint: user.userName });
    const unknown = await atLogin({ login_hint: 'nobody@example.com' });

    const [one, other] = [known, unknown].map(({ page }) => ({ ...askedOn(page), challenge: '' }));

    expect(one).toEqual(other);
    expect(one).toMatchObject({ allowCredentials: [], userVerification: 'required' });
  });

  it.each([undefined, 'two factors'])('acr_values %s is reached by the passkey alone', async (wanted) => {
    const { authenticator } = await aPersonWithPasskey();
    const { visitor, page } = await atLogin(wanted === undefined ? {} : { acr_values: acr.twoFactors });

    expect(callback((await useOn(visitor, page, authenticator)).url).code).toBeDefined();
  });

  it('a use is kept: when, and whether it is backed up', async () => {
    const { user, authenticator } = await aPersonWithPasskey({ isSynced: true, countsNothing: true });
    const { visitor, page } = await atLogin();

    await useOn(visitor, page, authenticator);

    expect(await passkeyRows(server, user.id)).toMatchObject([{ sign_count: '0', is_backed_up: true }]);
    const back = await visitor.get('/account/passkeys');
    expect(back.html).toContain('last used on');
  });
});

const other = (issuer: string): string => issuer.replace('localhost', 'login.example.net');

describe('WebAuthn §7.2, SECURITY-LESSONS 34: what is not right signs nobody in', () => {
  it.each<[string, string, () => Bent]>([
    ['another origin', 'passkey_not_verified', () => ({ origin: other(server.issuer) })],
    ['another RP ID', 'passkey_not_verified', () => ({ rpId: 'example.net' })],
    ['no user verification', 'passkey_not_verified', () => ({ isVerified: false })],
    ['no user presence', 'passkey_not_verified', () => ({ isPresent: false })],
    ['a foreign signature', 'passkey_not_verified', () => ({ signature: Buffer.alloc(70, 1) })],
    ['the type of a registration', 'passkey_not_verified', () => ({ type: 'webauthn.create' })],
    ["somebody else's user handle", 'passkey_other_person', () => ({ userHandle: 'AAAAAAAAAAAAAAAAAAAAAA' })],
    ['another backup eligibility', 'passkey_backup_eligibility_changed', () => ({ isSynced: true })],
    ['a counter that went back', 'passkey_counter_went_back', () => ({ counter: 1 })],
  ])('%s: %s', async (_, reason, bent) => {
    const { user, authenticator } = await aPersonWithPasskey();
    const { visitor, page } = await atLogin();

    const answer = await visitor.submit(page, 'passkey', { passkey: authenticator.get(askedOn(page), bent()) });

    expect(answer.status).toBe(422);
    expect(titleOf(answer)).toContain('Error: Sign in');
    expect(await sessionOf(server, user.id)).toBeUndefined();
    expect(await eventsOf(server, user.id)).toContain(`sign-ins.refused ${reason}`);
  });

  it.each<[string, (authenticator: { get(asked: never, bent: Bent): string }, asked: never) => string]>([
    ['a made-up challenge', (one, asked) => one.get(asked, { challenge: 'A'.repeat(76) })],
    ['no challenge', (one, asked) => one.get(asked, { challenge: '' })],
    ['a frame of another site', (one, asked) => one.get(asked, { crossOrigin: true })],
    ['nothing', () => ''],
    ['no JSON', () => '{'],
    ['a list', () => '[]'],
    ['JSON in the wrong form', () => '{"id":1,"rawId":{},"type":"public-key","response":null}'],
    ['much', () => JSON.stringify({ id: 'A'.repeat(500_000) })],
  ])('%s is refused, and no server error', async (_, answerOf) => {
    const { user, authenticator } = await aPersonWithPasskey();
    const { visitor, page } = await atLogin();

    const answer = await visitor.submit(page, 'passkey', { passkey: answerOf(authenticator, askedOn(page) as never) });

    expect(answer.status).toBe(422);
    expect(await sessionOf(server, user.id)).toBeUndefined();
  });

  it('a challenge of another interaction is refused', async () => {
    const { user, authenticator } = await aPersonWithPasskey();
    const foreign = await atLogin();
    const own = await atLogin();

    const answer = await own.visitor.submit(own.page, 'passkey', { passkey: authenticator.get(askedOn(foreign.page)) });

    expect(answer.status).toBe(422);
    expect(await sessionOf(server, user.id)).toBeUndefined();
  });

  it('an answer signs in once: not again, and of many at once one', async () => {
    const { user, authenticator } = await aPersonWithPasskey({ isSynced: true, countsNothing: true });
    const { visitor, page } = await atLogin();
    const answer = authenticator.get(askedOn(page));

    const ends = await Promise.all(
      Array.from({ length: 8 }, () => visitor.submit(page, 'passkey', { passkey: answer })),
    );
    await visitor.submit(page, 'passkey', { passkey: answer });

    expect(ends.filter(({ url }) => callback(url).code !== undefined).length).toBeLessThanOrEqual(1);
    const successes = (await eventsOf(server, user.id)).filter((event) => event === 'sign-ins.succeeded');
    expect(successes).toHaveLength(2);
  });

  it('a form without the token of its page signs nobody in', async () => {
    const { user, authenticator } = await aPersonWithPasskey();
    const { visitor, page } = await atLogin();
    const action = `${new URL(page.url).pathname}/passkey`;

    const answer = await visitor.post(action, { passkey: authenticator.get(askedOn(page)) });

    expect(answer.status).toBe(422);
    expect(await sessionOf(server, user.id)).toBeUndefined();
  });

  it('SECURITY-LESSONS 9: somebody who is out is answered like somebody with a broken passkey', async () => {
    const { user, authenticator } = await aPersonWithPasskey();
    await server.foundation.pool.query(`UPDATE users SET status = 'inactive' WHERE id = $1`, [user.id]);
    const { visitor, page } = await atLogin();

    const answer = await useOn(visitor, page, authenticator);

    expect(answer.status).toBe(422);
    expect(signalsOn(answer)).toEqual([]);
    expect(await eventsOf(server, user.id)).toContain('sign-ins.refused inactive');
  });

  it('a copy is told of: the counter went back, its person gets a mail', async () => {
    const { user, authenticator } = await aPersonWithPasskey();
    const { visitor, page } = await atLogin();

    await visitor.submit(page, 'passkey', { passkey: authenticator.get(askedOn(page), { counter: 1 }) });

    expect(await passkeyMails(server, user.id)).toContain('copied');
  });

  it('a passkey that nobody has: the page tells the authenticator to forget it', async () => {
    const { user, authenticator } = await aPersonWithPasskey();
    await server.foundation.pool.query('DELETE FROM passkeys WHERE user_id = $1', [user.id]);
    const { visitor, page } = await atLogin();

    const answer = await useOn(visitor, page, authenticator);

    expect(answer.status).toBe(422);
    expect(signalsOn(answer)).toEqual([
      { method: 'signalUnknownCredential', options: { rpId: 'localhost', credentialId: authenticator.id } },
    ]);
  });
});

it('an issuer on a bare address offers none: browsers make none there', async () => {
  const bare = await startServer({ issuer: 'http://127.0.0.1:4998' });
  try {
    const visitor = new WebVisitor(bare);
    const page = await visitor.get('/account/sign-in');

    expect(page.html).toContain('autocomplete="username"');
    expect(page.html).not.toContain('data-passkey');
    expect((await visitor.get('/account/passkeys')).status).toBe(200);
  } finally {
    await bare.stop();
  }
});
