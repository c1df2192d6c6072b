import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deletePolicy } from '../../../src/domain/policy/change-policy.ts';
import { type AdminApi, addAdminClient, adminApi } from '../../support/admin-api.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, callback, password, type TestClient } from '../interaction/a-sign-in.ts';
import { aPersonWithTotp, codeNow, giveTotp } from '../second-factors/a-second-factor.ts';
import { aPolicy } from './a-policy.ts';

let server: RunningServer;
let admin: AdminApi;
let app: TestClient;

beforeAll(async () => {
  server = await startServer();
  admin = await adminApi({
    url: server.issuer,
    client: await addAdminClient(server.configuration.databaseUrl ?? ''),
  });
});
beforeEach(async () => {
  app = await aClient(server, { firstParty: true });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

const signIn = async (userName: string, more = {}, visitor = new WebVisitor(server)) => {
  const page = await visitor.signIn(await visitor.get(authorizeUrl(server, app, more)), userName, password);
  return { visitor, page };
};

const eventsOf = async (userId: string): Promise<string[]> => {
  const rows = await server.foundation.read.query<{ event: string }>(
    `SELECT concat_ws(' ', type, reason) AS event FROM audit_events WHERE target_id = $1`,
    [userId],
  );
  return rows.map(({ event }) => event);
};

const withoutPolicy = (id: string) =>
  server.foundation.transact({ type: 'operator', id: 'test' }, (tx) => deletePolicy(tx, { id }));

describe('a policy that denies', () => {
  it('stops whoever it is about before the application, says why, and tells the application access_denied', async () => {
    const user = await aPerson(server);
    const { id } = await aPolicy(server, {
      clientId: app.clientId,
      rules: [{ effect: 'deny', reason: 'Only at the office.', when: { outsideNetworks: ['10.0.0.0/8'] } }],
    });

    const { visitor, page } = await signIn(user.userName);

    expect(page.status).toBe(403);
    expect(titleOf(page)).toContain('You cannot sign in here');
    expect(page.html).toContain('Only at the office.');
    expect(await eventsOf(user.id)).toContain('sign-ins.refused policy_denied');
    const end = await visitor.submit(page, 'cancel', { cancel: 'yes' });
    expect(callback(end.url)).toMatchObject({ error: 'access_denied' });
    await withoutPolicy(id);
    expect(callback((await visitor.get(authorizeUrl(server, app))).url).code).toBeDefined();
  });

  it('holds for an existing session, with prompt=none too', async () => {
    const user = await aPerson(server);
    const { visitor } = await signIn(user.userName);
    await aPolicy(server, { clientId: app.clientId, rules: [{ effect: 'deny', reason: 'Closed.' }] });

    const silent = await visitor.get(authorizeUrl(server, app, { prompt: 'none' }));

    expect(callback(silent.url)).toMatchObject({ error: 'access_denied' });
    expect(titleOf(await visitor.get(authorizeUrl(server, app)))).toContain('You cannot sign in here');
  });

  it('SECURITY-LESSONS 24: no step of the interaction leads past it', async () => {
    const user = await aPerson(server);
    await aPolicy(server, { clientId: app.clientId, rules: [{ effect: 'deny', reason: 'Closed.' }] });
    const { visitor, page } = await signIn(user.userName);
    const [, uid] = /\/interaction\/([\w-]+)/.exec(page.url) ?? [];

    for (const step of ['login', 'passkey', 'code', 'recovery-code', 'lost-factor', 'consent', 'switch', 'cancel']) {
      const answer = await visitor.post(`${server.issuer}/interaction/${uid}/${step}`, {
        username: user.userName,
        password,
      });
      expect(callback(answer.url).code).toBeUndefined();
    }
    const again = await visitor.submit(await visitor.get(`${server.issuer}/interaction/${uid}`), 'switch', {
      switch: 'yes',
    });
    expect((await visitor.signIn(again, user.userName, password)).status).toBe(403);
  });

  it('of everybody keeps people out of the account pages, whatever session they have', async () => {
    const user = await aPerson(server);
    const { visitor } = await signIn(user.userName);
    const { id } = await aPolicy(server, {
      rules: [{ effect: 'deny', reason: 'Closed.', when: { networks: ['127.0.0.0/8', '::1'] } }],
    });

    const pages = await Promise.all(
      ['/account', '/account/second-factors', '/account/devices'].map((path) => visitor.get(path)),
    );
    await withoutPolicy(id);

    for (const page of pages) expect(page.html).not.toContain('My account');
    expect(titleOf(pages[0] as never)).toContain('You cannot sign in here');
    expect(titleOf(await visitor.get('/account'))).toContain('My account');
  });

  it('ends what a refresh token would give', async () => {
    const user = await aPerson(server);
    const verifier = 'v'.repeat(43);
    const { createHash } = await import('node:crypto');
    const code_challenge = createHash('sha256').update(verifier).digest('base64url');
    const { page } = await signIn(user.userName, { code_challenge, scope: 'openid offline_access' });
    const token = async (form: Record<string, string>) =>
      (
        await fetch(`${server.issuer}/token`, {
          method: 'POST',
          body: new URLSearchParams({ client_id: app.clientId, ...form }),
        })
      ).json() as Promise<Record<string, string>>;
    const first = await token({
      grant_type: 'authorization_code',
      code: callback(page.url).code ?? '',
      redirect_uri: app.redirectUri,
      code_verifier: verifier,
    });
    const refresh = (refresh_token = '') => token({ grant_type: 'refresh_token', refresh_token });
    const asked = await aPolicy(server, {
      clientId: app.clientId,
      // Where the person is cannot be seen from a refresh.
      rules: [
        { effect: 'allow', when: { networks: ['127.0.0.0/8', '::1'] } },
        { effect: 'deny', reason: 'Closed.' },
      ],
    });
    const second = await refresh(first.refresh_token);
    await aPolicy(server, {
      clientId: app.clientId,
      rules: [{ effect: 'require', requirements: { factors: 'two_factors' } }],
    });

    const third = await refresh(second.refresh_token);

    expect(asked.version).toBe(1);
    expect(first.refresh_token).toBeDefined();
    expect(second.access_token).toBeDefined();
    expect(third).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('a policy that asks for two factors', () => {
  const twoFactors = [{ effect: 'require', requirements: { factors: 'two_factors' } }] as const;

  it('asks who is signed in by password for the code alone, then lets them through', async () => {
    const { user } = await aPersonWithTotp(server);
    await server.foundation.pool.query('DELETE FROM totp_credentials WHERE user_id = $1', [user.id]);
    const { visitor } = await signIn(user.userName);
    await giveTotp(server, user.id);
    await aPolicy(server, { clientId: app.clientId, rules: [...twoFactors] });

    const page = await visitor.get(authorizeUrl(server, app));
    const end = await visitor.submit(page, 'code', { code: codeNow() });

    expect(titleOf(page)).toContain('Enter your code');
    expect(callback(end.url).code).toBeDefined();
  });

  it('leads who has none to set one up, and goes on from there', async () => {
    const user = await aPerson(server);
    await aPolicy(server, { rules: [{ ...twoFactors[0], when: { clients: [app.clientId, 'doorward-account'] } }] });

    const { visitor, page } = await signIn(user.userName);
    expect(titleOf(page)).toContain('Another way to sign in is needed');
    expect(page.html).toContain('/account/second-factors');
    const account = await visitor.get('/account/second-factors');
    expect(account.status).toBe(200);
    expect(account.url).toContain('/account/second-factors');
    await giveTotp(server, user.id);
    const code = await visitor.get(page.url);
    const end = await visitor.submit(code, 'code', { code: codeNow() });

    expect(titleOf(code)).toContain('Enter your code');
    expect(callback(end.url).code).toBeDefined();
    expect(titleOf(await visitor.get('/account'))).toContain('My account');
  });

  it('keeps a session of one factor out of the account pages once the person has a second', async () => {
    const user = await aPerson(server);
    const { id } = await aPolicy(server, { rules: [{ ...twoFactors[0], when: { clients: ['doorward-account'] } }] });
    const { visitor } = await signIn(user.userName);
    const before = await visitor.get('/account');
    await giveTotp(server, user.id);

    const after = await visitor.get('/account');
    await withoutPolicy(id);

    expect(titleOf(before)).toContain('My account');
    expect(titleOf(after)).toContain('Enter your code');
  });

  it.each([
    ['a role', { roles: ['policy-role'] }],
    ['a group', { groups: ['Policy group'] }],
    ['an organization', { organizations: ['Policy org'] }],
  ])('of those with %s asks them, and nobody else', async (_, when) => {
    const [one, other] = [await aPerson(server), await aPerson(server)];
    if ('roles' in when) {
      const role = await admin.post('/roles', { name: 'policy-role' });
      await admin.post('/role-assignments', { userId: one.id, roleId: role.id });
    } else if ('groups' in when) {
      const group = await admin.post('/groups', { displayName: 'Policy group' });
      await server.foundation.pool.query(
        'INSERT INTO group_members (group_id, user_id, created_at) VALUES ($1, $2, now())',
        [group.id, one.id],
      );
      server.foundation.changes.applyLocally({ topic: 'access', key: '*' });
    } else {
      const organization = await admin.post('/organizations', { name: 'Policy org' });
      await server.foundation.pool.query('UPDATE users SET home_organization_id = $1 WHERE id = $2', [
        organization.id,
        one.id,
      ]);
    }
    await aPolicy(server, { clientId: app.clientId, rules: [{ ...twoFactors[0], when: when as never }] });

    expect(titleOf((await signIn(one.userName)).page)).toContain('Another way to sign in is needed');
    expect(callback((await signIn(other.userName)).page.url).code).toBeDefined();
  });

  it('in new browsers alone asks in those', async () => {
    const user = await aPerson(server);
    const known = await signIn(user.userName);
    // As if it had not been in this very second.
    await server.foundation.pool.query(
      `UPDATE known_devices SET created_at = created_at - interval '1 minute' WHERE user_id = $1`,
      [user.id],
    );
    await aPolicy(server, { clientId: app.clientId, rules: [{ ...twoFactors[0], when: { knownBrowser: false } }] });

    const again = await signIn(user.userName, { prompt: 'login' }, known.visitor);
    const fresh = await signIn(user.userName);

    expect(callback(again.page.url).code).toBeDefined();
    expect(titleOf(fresh.page)).toContain('Another way to sign in is needed');
  });
});

describe('a policy that asks for a recent sign-in', () => {
  it('asks anew once the session is older, as max_age does', async () => {
    const user = await aPerson(server);
    const { visitor } = await signIn(user.userName);
    await aPolicy(server, {
      clientId: app.clientId,
      rules: [{ effect: 'require', requirements: { maxAgeSeconds: 60 } }],
    });
    expect(callback((await visitor.get(authorizeUrl(server, app))).url).code).toBeDefined();
    await server.foundation.pool.query(
      `UPDATE provider_records SET payload = jsonb_set(payload::jsonb, '{loginTs}', to_jsonb((payload::jsonb->>'loginTs')::int - 100))
       WHERE model = 'Session' AND account_id = $1`,
      [user.id],
    );

    const page = await visitor.get(authorizeUrl(server, app));
    const silent = await visitor.get(authorizeUrl(server, app, { prompt: 'none' }));
    const end = await visitor.signIn(page, user.userName, password);

    expect(titleOf(page)).toContain('Sign in');
    expect(callback(silent.url)).toMatchObject({ error: 'login_required' });
    expect(callback(end.url).code).toBeDefined();
  });
});

describe('a policy that asks for a passkey', () => {
  it('is not satisfied by a code', async () => {
    const { user } = await aPersonWithTotp(server);
    await aPolicy(server, {
      clientId: app.clientId,
      rules: [{ effect: 'require', requirements: { factors: 'passkey' } }],
    });
    const { visitor, page } = await signIn(user.userName);

    const end = await visitor.submit(page, 'code', { code: codeNow() });

    expect(callback(end.url).code).toBeUndefined();
    expect(titleOf(end)).toContain('Another way to sign in is needed');
    expect(end.html).toContain('/account/passkeys');
  });
});
