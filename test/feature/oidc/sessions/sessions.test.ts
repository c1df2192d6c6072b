import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endAllAccess } from '../../../../src/domain/sessions/end-all-access.ts';
import { endSession } from '../../../../src/domain/sessions/end-session.ts';
import { expireRecords } from '../../../../src/domain/sessions/expire-records.ts';
import { revokeGrant } from '../../../../src/domain/sessions/revoke-grant.ts';
import { searchGrants } from '../../../../src/domain/sessions/search-grants.ts';
import { searchSessions } from '../../../../src/domain/sessions/search-sessions.ts';
import { aProvider, operator, type TestProvider } from '../../../support/provider.ts';
import { authorizeUrl, basic, obtainCode, pkce, post, redeem, TestBrowser } from '../../../support/provider-browser.ts';
import { addClient, addUser } from '../../../support/provider-seed.ts';

const web = basic('web', 'web-secret');
let idp: TestProvider;
let alice: string;
let bob: string;

beforeAll(async () => {
  idp = await aProvider();
  await addClient(idp, {
    clientId: 'web',
    secret: 'web-secret',
    metadata: {
      backchannel_logout_uri: 'https://rp.example/bc',
      post_logout_redirect_uris: ['https://rp.example/bye'],
    },
  });
  alice = await addUser(idp, { userName: 'alice' });
  bob = await addUser(idp, { userName: 'bob' });
});

afterAll(() => idp.end());

const ask = (browser: TestBrowser, more: Record<string, string> = {}) =>
  browser.visit(authorizeUrl(idp, { clientId: 'web', ...more }, pkce().challenge));
const isSignedIn = async (browser: TestBrowser) =>
  new URL((await ask(browser, { prompt: 'none' })).location ?? '').searchParams.has('code');
const forms = (html: string): URLSearchParams =>
  new URLSearchParams(
    [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );

describe('cookies and fixation', () => {
  it('SECURITY-LESSONS 25: the session id is another after the sign-in, and one planted before is useless', async () => {
    const victim = new TestBrowser(idp);
    victim.setCookie('doorward_session', 'planted-by-someone');
    await obtainCode(idp, { clientId: 'web' }, { accountId: alice }, victim);
    const attacker = new TestBrowser(idp);
    attacker.setCookie('doorward_session', 'planted-by-someone');

    expect(victim.cookie('doorward_session')).not.toBe('planted-by-someone');
    expect(await isSignedIn(attacker)).toBe(false);
    expect(await isSignedIn(victim)).toBe(true);
  });

  it('a session id without its signature is not taken', async () => {
    const { browser } = await obtainCode(idp, { clientId: 'web' }, { accountId: alice });
    const thief = new TestBrowser(idp);
    thief.setCookie('doorward_session', browser.cookie('doorward_session') ?? '');

    expect(await isSignedIn(thief)).toBe(false);
  });

  it('cookies are HttpOnly and SameSite=Lax; another sign-in in the same browser rotates the id', async () => {
    const { browser } = await obtainCode(idp, { clientId: 'web' }, { accountId: alice });
    const before = browser.cookie('doorward_session');
    await browser.follow(authorizeUrl(idp, { clientId: 'web', prompt: 'login' }, pkce().challenge), {
      accountId: alice,
    });
    const { response } = await ask(browser);

    expect(browser.cookie('doorward_session')).not.toBe(before);
    for (const cookie of response.headers.getSetCookie()) expect(cookie).toMatch(/samesite=lax.*httponly/i);
  });

  it("someone else's interaction cannot be finished from another browser", async () => {
    const mine = await ask(new TestBrowser(idp));

    const theirs = await new TestBrowser(idp).visit(mine.location ?? '', { accountId: alice });

    expect(theirs.status).toBe(410);
  });
});

describe('the grant that a session brings', () => {
  it.each(['', 'nobody', 'WEB', 'web\0', '\ud800', '__proto__', 'constructor', '{"a":1}', "'", 'w'.repeat(256)])(
    'is of no use to another client_id, whatever it is: %j',
    async (clientId) => {
      const { browser } = await obtainCode(idp, { clientId: 'web' }, { accountId: alice });
      const answer = await browser.visit(authorizeUrl(idp, { clientId, prompt: 'none' }, pkce().challenge));

      expect(answer.status).toBe(400);
      expect(await isSignedIn(browser)).toBe(true);
    },
  );
});

describe('re-authentication', () => {
  it('OIDC Core §3.1.2.1: max_age asks again when the sign-in is older, and auth_time says when', async () => {
    const { browser } = await obtainCode(idp, { clientId: 'web' }, { accountId: alice });
    await idp.pool.query(
      `UPDATE provider_records SET payload = jsonb_set(payload::jsonb, '{loginTs}', '1000')::text WHERE model = 'Session'`,
    );

    expect((await ask(browser, { max_age: '60' })).location).toContain('/interaction/');
    expect(
      new URL((await ask(browser, { max_age: '60', prompt: 'none' })).location ?? '').searchParams.get('error'),
    ).toBe('login_required');
  });

  it('acr_values: what was reached is in the ID token', async () => {
    const signedIn = await obtainCode(
      idp,
      { clientId: 'web', acr_values: 'urn:doorward:acr:password' },
      { accountId: alice },
    );
    const { body } = await redeem(idp, signedIn, web);

    expect(JSON.parse(Buffer.from(String(body.id_token).split('.')[1] ?? '', 'base64url').toString()).acr).toBe(
      'urn:doorward:acr:password',
    );
  });
});

describe('ending', () => {
  it('an administrator finds a session by its shown id and ends it; its clients are told', async () => {
    const { browser } = await obtainCode(idp, { clientId: 'web' }, { accountId: bob });
    const { items } = await searchSessions(idp.read, { userId: bob, cursor: undefined, limit: 10, now: new Date() });
    expect(items).toEqual([expect.objectContaining({ userId: bob, clientIds: ['web'], amr: ['pwd'] })]);

    await idp.transact(operator, (tx) => endSession(tx, { id: items[0]?.id ?? '' }));

    expect(await isSignedIn(browser)).toBe(false);
    const { rows } = await idp.pool.query('SELECT payload FROM outbox_messages');
    expect(rows).toEqual([{ payload: { clientId: 'web', accountId: bob, sid: expect.any(String) } }]);
  });

  it('DESIGN §2: a request in flight cannot write an ended session back, under its id or a new one', async () => {
    const { browser } = await obtainCode(idp, { clientId: 'web' }, { accountId: bob });
    const { rows } = await idp.pool.query<{ uid: string }>(
      `SELECT uid FROM provider_records WHERE model = 'Session' AND ended_at IS NULL AND account_id = $1`,
      [bob],
    );
    await idp.transact(operator, async (tx) => {
      await endAllAccess(tx, { userId: bob });
      tx.record({ type: 'users.deactivated' });
    });
    const Session = idp.host.current().Session as unknown as new (
      payload: object,
    ) => { save(ttl: number): Promise<string>; resetIdentifier(): void };
    for (const { uid } of rows) {
      const session = new Session({
        uid,
        jti: `in-flight-${uid}`,
        accountId: bob,
        loginTs: Math.floor(Date.now() / 1000),
      });
      await session.save(100);
      session.resetIdentifier();
      await session.save(100);
    }

    const left = await idp.pool.query(
      `SELECT 1 FROM provider_records WHERE model = 'Session' AND account_id = $1 AND ended_at IS NULL`,
      [bob],
    );
    expect(left.rows).toEqual([]);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('a grant is found by its shown id and revoked with its tokens', async () => {
    const signedIn = await obtainCode(idp, { clientId: 'web', scope: 'openid email' }, { accountId: bob });
    const { body } = await redeem(idp, signedIn, web);
    const { items } = await searchGrants(idp.read, { userId: bob, clientId: 'web', cursor: undefined, limit: 10 });
    expect(items[0]).toMatchObject({ userId: bob, clientId: 'web', scopes: ['openid', 'email'] });

    for (const { id } of items) await idp.transact(operator, (tx) => revokeGrant(tx, { id }));

    const { body: state } = await post(
      idp,
      '/introspect',
      { token: String(body.access_token) },
      { authorization: web },
    );
    expect(state).toEqual({ active: false });
  });

  it('RP-Initiated Logout §2: the person is asked, the session ends, the client gets its state back', async () => {
    const signedIn = await obtainCode(idp, { clientId: 'web' }, { accountId: alice });
    const { body } = await redeem(idp, signedIn, web);
    const query = new URLSearchParams({
      id_token_hint: String(body.id_token),
      post_logout_redirect_uri: 'https://rp.example/bye',
      state: 'xyz',
    });
    const page = await signedIn.browser.visit(`/logout?${query}`);
    expect(page.body).toContain('name="logout" value="yes"');
    const fields = forms(page.body);
    fields.set('logout', 'yes');

    const done = await signedIn.browser.visit('/logout/confirm', {}, { method: 'POST', body: fields });

    expect(done.location).toBe('https://rp.example/bye?state=xyz');
    expect(await isSignedIn(signedIn.browser)).toBe(false);
    const { body: state } = await post(
      idp,
      '/introspect',
      { token: String(body.access_token) },
      { authorization: web },
    );
    expect(state).toEqual({ active: false });
  });

  it('an unregistered post_logout_redirect_uri is refused', async () => {
    const { browser } = await obtainCode(idp, { clientId: 'web' }, { accountId: alice });
    const query = new URLSearchParams({ client_id: 'web', post_logout_redirect_uri: 'https://evil.example' });

    expect((await browser.visit(`/logout?${query}`)).status).toBe(400);
  });
});

describe('expiry', () => {
  it('what is over goes in bounded batches; a grant stays while a token of it lives', async () => {
    await idp.pool.query(
      `UPDATE provider_records SET expires_at = now() - interval '1 second' WHERE model <> 'RefreshToken'`,
    );
    const { rows: living } = await idp.pool.query(
      `SELECT DISTINCT grant_id FROM provider_records WHERE model = 'RefreshToken'`,
    );

    await expireRecords(idp.pool, new Date());

    const { rows } = await idp.pool.query(
      `SELECT model, count(*)::int AS count FROM provider_records WHERE model <> 'RefreshToken' GROUP BY model`,
    );
    expect(rows.every(({ model }) => model === 'Grant')).toBe(true);
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(living.length);
  });
});
