import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deletePolicy } from '../../../src/domain/policy/change-policy.ts';
import type { User } from '../../../src/domain/users/user.ts';
import { type AdminApi, addAdminClient, adminApi, type Json } from '../../support/admin-api.ts';
import { linkIn, mailsTo } from '../../support/mail.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, callback, password, type TestClient } from '../interaction/a-sign-in.ts';
import { aScimClient, issueToken, PATCH_OP, USER } from '../scim/scim-api.ts';
import { aPersonWithTotp, codeNow, forgetUses } from '../second-factors/a-second-factor.ts';
import { aPolicy } from './a-policy.ts';

let server: RunningServer;
let admin: AdminApi;
let app: TestClient;

beforeAll(async () => {
  server = await startServer({ env: { DOORWARD_REGISTRATION: 'open', DOORWARD_TRUSTED_DEVICE_DAYS: '30' } });
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

type Requirements = Record<string, unknown>;
const requires = (requirements: Requirements, level: object = { clientId: app.clientId }) =>
  aPolicy(server, { ...level, rules: [{ effect: 'require', requirements }] });
const withoutPolicy = (id: string) =>
  server.foundation.transact({ type: 'operator', id: 'test' }, (tx) => deletePolicy(tx, { id }));

async function signedIn(user: User): Promise<WebVisitor> {
  const visitor = new WebVisitor(server);
  await visitor.signIn(await visitor.get(authorizeUrl(server, app)), user.userName, password);
  return visitor;
}

/** As if these members of the person's session were of so long ago. */
const age = ({ id }: User, seconds: number, members: readonly string[]) =>
  server.foundation.pool.query(
    `UPDATE provider_records SET payload = (payload::jsonb || (
       SELECT jsonb_object_agg(name, (payload::jsonb->>name)::int - $2::int) FROM unnest($3::text[]) AS name))::json
     WHERE model = 'Session' AND account_id = $1`,
    [id, seconds, members],
  );

const isLetThrough = (page: Page): boolean => callback(page.url).code !== undefined;

describe('issue 5 item 3: how long sessions live', () => {
  it('a session that nobody used for longer is none, however often it is shown, until its person signs in', async () => {
    const user = await aPerson(server);
    const visitor = await signedIn(user);
    await requires({ sessionIdleSeconds: 600 });
    await age(user, 500, ['exp', 'loginTs']);
    expect(isLetThrough(await visitor.get(authorizeUrl(server, app)))).toBe(true);
    await age(user, 700, ['exp', 'loginTs']);

    await visitor.get('/logout');
    const first = await visitor.get(authorizeUrl(server, app));
    const again = await visitor.get(authorizeUrl(server, app));
    const silent = await visitor.get(authorizeUrl(server, app, { prompt: 'none' }));
    const end = await visitor.signIn(again, user.userName, password);

    expect([titleOf(first), titleOf(again)]).toEqual([expect.stringContaining('Sign in'), titleOf(first)]);
    expect(callback(silent.url)).toMatchObject({ error: 'login_required' });
    expect(isLetThrough(end)).toBe(true);
    expect(isLetThrough(await visitor.get(authorizeUrl(server, app)))).toBe(true);
  });

  it('pages of the account are a use of the session', async () => {
    const user = await aPerson(server);
    const visitor = await signedIn(user);
    await visitor.get('/account');
    const { id } = await requires({ sessionIdleSeconds: 600 }, { clientId: 'doorward-account' });

    const titles: string[] = [];
    for (const seconds of [400, 400, 700]) {
      await age(user, seconds, ['exp', 'loginTs']);
      titles.push(titleOf(await visitor.get('/account')));
    }
    await withoutPolicy(id);

    expect(titles).toEqual([
      expect.stringContaining('My account'),
      expect.stringContaining('My account'),
      expect.stringContaining('Sign in'),
    ]);
  });

  it('after its lifetime a session is none, used or not, and neither are the tokens that end with it', async () => {
    const { createHash } = await import('node:crypto');
    const verifier = 'v'.repeat(43);
    const user = await aPerson(server);
    const visitor = await signedIn(user);
    const refresh = async (scope: string) => {
      const code_challenge = createHash('sha256').update(verifier).digest('base64url');
      const page = await visitor.get(authorizeUrl(server, app, { code_challenge, scope }));
      const first = await token({
        grant_type: 'authorization_code',
        code: callback(page.url).code ?? '',
        redirect_uri: app.redirectUri,
        code_verifier: verifier,
      });
      return first.refresh_token ?? '';
    };
    const token = async (form: Record<string, string>) => {
      const body = new URLSearchParams({ client_id: app.clientId, ...form });
      return (await fetch(`${server.issuer}/token`, { method: 'POST', body })).json() as Promise<
        Record<string, string | undefined>
      >;
    };
    await requires({ sessionLifetimeSeconds: 3600 });
    const [bound, free] = [await refresh('openid'), await refresh('openid offline_access')];
    await server.foundation.pool.query(
      `UPDATE provider_records SET payload = jsonb_set(payload::jsonb, '{authTime}', to_jsonb((payload::jsonb->>'authTime')::int - 4000))::json
       WHERE model = 'RefreshToken' AND account_id = $1`,
      [user.id],
    );
    await age(user, 4000, ['loginTs']);

    const page = await visitor.get(authorizeUrl(server, app));

    expect(titleOf(page)).toContain('Sign in');
    expect(await token({ grant_type: 'refresh_token', refresh_token: bound })).toMatchObject({
      error: 'invalid_grant',
    });
    expect(await token({ grant_type: 'refresh_token', refresh_token: free })).toHaveProperty('access_token');
  });

  it('who changes how they sign in signed in as lately as the policy says', async () => {
    const user = await aPerson(server);
    const visitor = await signedIn(user);
    await visitor.get('/account');
    await age(user, 200, ['loginTs']);
    const before = await visitor.get('/account/second-factors/totp');
    const { id } = await requires({ changesMaxAgeSeconds: 120 }, {});

    const after = await visitor.get('/account/second-factors/totp');
    const end = await visitor.signIn(after, user.userName, password);
    await withoutPolicy(id);

    expect(titleOf(before)).toContain('Set up an authenticator app');
    expect(titleOf(after)).toContain('Sign in');
    expect(titleOf(end)).toContain('Second step at sign-in');
  });
});

describe('issue 5 item 3: how long a second factor is remembered', () => {
  const trusting = async (user: User): Promise<{ visitor: WebVisitor; page: Page }> => {
    const visitor = new WebVisitor(server);
    const page = await visitor.signIn(await visitor.get(authorizeUrl(server, app)), user.userName, password);
    await visitor.submit(page, 'code', { code: codeNow(), trust: 'yes' });
    await forgetUses(server, user.id);
    const again = new WebVisitor(server);
    again.plant('doorward_device', visitor.cookie('doorward_device') ?? '');
    return { visitor: again, page };
  };
  const atPassword = async (visitor: WebVisitor, user: User) =>
    visitor.signIn(await visitor.get(authorizeUrl(server, app)), user.userName, password);

  it.each([
    ['not at all', 0, 0, true],
    ['for as long as it was', 20, 10, false],
    ['for less than it was', 20, 21, true],
  ])('%s: in a browser trusted before the code is asked for accordingly', async (_, days, trustedDays, isAsked) => {
    const { user } = await aPersonWithTotp(server);
    const { visitor } = await trusting(user);
    await server.foundation.pool.query(
      `UPDATE known_devices SET trusted_at = trusted_at - make_interval(days => $2) WHERE user_id = $1`,
      [user.id, trustedDays],
    );
    await requires({ rememberBrowserDays: days });

    const page = await atPassword(visitor, user);
    const end = isAsked ? await visitor.submit(page, 'code', { code: codeNow() }) : page;

    expect(titleOf(page).includes('Enter your code')).toBe(isAsked);
    expect(isLetThrough(end)).toBe(true);
  });

  it('whoever may not be remembered is not offered it, and does not get it by asking', async () => {
    const { user } = await aPersonWithTotp(server);
    await requires({ rememberBrowserDays: 0 });

    const { page } = await trusting(user);

    expect(page.html).not.toContain('name="trust"');
    const rows = await server.foundation.read.query('SELECT trusted_at FROM known_devices WHERE user_id = $1', [
      user.id,
    ]);
    expect(rows).toEqual([{ trusted_at: null }]);
  });

  it('the device page says until when the policies let a browser be trusted, not the deployment', async () => {
    const { user } = await aPersonWithTotp(server);
    const { visitor } = await trusting(user);
    await visitor.signIn(await visitor.get('/account/devices'), user.userName, password);
    const [trust] = await server.foundation.read.query<{ at: Date }>(
      'SELECT trusted_at AS at FROM known_devices WHERE user_id = $1',
      [user.id],
    );
    const style = { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' } as const;
    const until = (days: number) =>
      new Intl.DateTimeFormat('en-GB', style).format((trust?.at.getTime() ?? 0) + days * 86_400_000);
    const shown = async (rememberBrowserDays: number): Promise<string> => {
      const { id } = await requires({ rememberBrowserDays }, {});
      const { html } = await visitor.get('/account/devices');
      await withoutPolicy(id);
      return /id="trusted-title".*?<\/ul>/su.exec(html)?.[0] ?? '';
    };

    expect(await shown(5)).toContain(until(5));
    expect(await shown(0)).toBe('');
  });

  it('a session made in a trusted browser is asked for the code where another application remembers nothing', async () => {
    const { user } = await aPersonWithTotp(server);
    const { visitor } = await trusting(user);
    expect(isLetThrough(await atPassword(visitor, user))).toBe(true);
    await requires({ rememberBrowserDays: 0 });

    const page = await visitor.get(authorizeUrl(server, app));

    expect(titleOf(page)).toContain('Enter your code');
  });
});

describe('issue 5 item 3: rules for passwords', () => {
  const short = 'nine badgers';
  const long = 'nine badgers count the harvest';
  const rules: Requirements = { passwordMinimumLength: 14, passwordRefusesNames: true };

  it('each door that takes a new password asks for what the policies ask', async () => {
    const user = await aPerson(server);
    const account = await signedIn(user);
    const { link } = (await admin.post(`/users/${user.id}/set-password-link`, {})) as { link: string };
    const joiner = `joiner-${process.pid}@example.com`;
    const asking = new WebVisitor(server);
    await asking.submit(await asking.get('/sign-up'), 'email', { email: joiner });
    const [mail] = await mailsTo(server, joiner);
    const joining = linkIn(mail ?? { text: '' }, `${server.issuer}/sign-up/complete?token=`);
    const { id } = await requires(rules, {});
    const scim = await issueToken(server.issuer, await aScimClient(admin, ['scim:read', 'scim:write']));
    const provision = (method: string, path: string, body: Json) =>
      fetch(`${server.issuer}/scim/v2${path}`, {
        method,
        headers: { authorization: `Bearer ${scim}`, 'content-type': 'application/scim+json' },
        body: JSON.stringify(body),
      });
    const visitor = new WebVisitor(server);
    const fields = { 'new-password': short, 'new-password-again': short };

    const pages = [
      await account.submit(await account.get('/account'), 'new-password', { 'current-password': password, ...fields }),
      await visitor.submit(await visitor.get(link), 'new-password', fields),
      await visitor.submit(await visitor.get(joining), 'new-password', { name: 'Jo', ...fields }),
    ];
    const replies = [
      await admin.call('POST', '/users', { userName: 'short-one', password: short }),
      await admin.call('PATCH', `/users/${user.id}`, { password: short }, { 'If-Match': '*' }),
      await admin.call('PUT', `/users/${user.id}/password`, { password: short }),
      await admin.call('POST', '/users', { userName: 'harvester', password: `my harvester ${long}` }),
    ];
    const Operations = [{ op: 'replace', path: 'password', value: short }];
    const provisioned = [
      await provision('POST', '/Users', { schemas: [USER], userName: 'short-too', password: short }),
      await provision('PATCH', `/Users/${user.id}`, { schemas: [PATCH_OP], Operations }),
    ];
    await withoutPolicy(id);

    expect(provisioned.map(({ status }) => status)).toEqual([400, 400]);
    for (const page of pages) {
      expect(page.status).toBe(422);
      expect(page.html).toContain('14');
    }
    expect(replies.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
    expect(replies.map(({ body }) => (body.errors as Json[])[0]?.code)).toEqual([
      ...Array.from({ length: 3 }, () => 'credentials.password_too_short'),
      'credentials.password_holds_name',
    ]);
  });

  it('of an organization are for the people it manages, and its name is among what they refuse', async () => {
    const organization = await admin.post('/organizations', { name: 'Harvest Union' });
    const [inside, outside] = [await aPerson(server), await aPerson(server)];
    await server.foundation.pool.query('UPDATE users SET home_organization_id = $1 WHERE id = $2', [
      organization.id,
      inside.id,
    ]);
    await requires({ passwordRefusesNames: true }, { organizationId: organization.id });
    const set = async (user: User) =>
      (await admin.call('PUT', `/users/${user.id}/password`, { password: long })).body.code;

    expect(await set(inside)).toBe('credentials.password_holds_name');
    expect(await set(outside)).toBeUndefined();
  });

  it('of one application there are none', async () => {
    const reply = await admin.call('POST', '/policies', {
      name: 'Of the app',
      clientId: app.clientId,
      rules: [{ effect: 'require', requirements: rules }],
    });

    expect(reply.status).toBe(422);
    expect((reply.body.errors as Json[]).map(({ pointer }) => pointer)).toEqual([
      '/rules/0/requirements/passwordMinimumLength',
      '/rules/0/requirements/passwordRefusesNames',
    ]);
  });
});

describe('issue 5 item 3: explain', () => {
  it('says of each limit which policy asks for it: the strictest', async () => {
    const user = await aPerson(server);
    const loose = await requires({ sessionIdleSeconds: 3600, rememberBrowserDays: 3 });
    const strict = await requires({ sessionIdleSeconds: 600, factors: 'two_factors' });

    const answer = await admin.post('/policies/evaluations', { userId: user.id, clientId: app.clientId });

    expect(answer.requires).toMatchObject({ sessionIdleSeconds: 600, rememberBrowserDays: 3, factors: 'two_factors' });
    const asked = (answer.askedBy as Json[]).map(({ requirement, policyId, rule }) => [requirement, policyId, rule]);
    expect(new Set(asked.map((one) => one.join(' ')))).toEqual(
      new Set([`rememberBrowserDays ${loose.id} 0`, `sessionIdleSeconds ${strict.id} 0`, `factors ${strict.id} 0`]),
    );
  });
});
