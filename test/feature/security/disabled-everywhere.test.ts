import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCOUNT_CLIENT_ID, ensureAccountClient } from '../../../src/domain/clients/account-client.ts';
import { issueSetPasswordLink } from '../../../src/domain/credentials/one-time-links.ts';
import type { User } from '../../../src/domain/users/user.ts';
import { systemActor } from '../../../src/kernel/actor.ts';
import { type AdminApi, addAdminClient, adminApi } from '../../support/admin-api.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { formWith, type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aPerson, authorizeUrl, callback, password } from '../interaction/a-sign-in.ts';

/**
 * SECURITY-LESSONS 8, 9: the entries beside the token endpoint's own, which `test/feature/oidc/disabled` has. Each is open
 * before and must be closed after: for a client and a person who are disabled or gone.
 */
const redirectUri = 'https://rp.example.com/callback';
const afterLogout = 'https://rp.example.com/bye';
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const ADMIN = 'urn:doorward:admin';
let server: RunningServer;
let admin: AdminApi;
let registrations = 0;

beforeAll(async () => {
  server = await startServer({ env: { DOORWARD_CLIENT_REGISTRATION: 'open', DOORWARD_TRUST_PROXY: '127.0.0.1' } });
  const client = await addAdminClient(String(server.configuration.databaseUrl));
  admin = await adminApi({ url: server.origin, client });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

type Answer = { readonly status: number; readonly body: Record<string, unknown> };

async function send(path: string, init: RequestInit): Promise<Answer> {
  const answer = await fetch(server.origin + path, { redirect: 'manual', ...init });
  const text = await answer.text();
  return { status: answer.status, body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {} };
}

const form = (path: string, authorization: string, fields: Record<string, string>): Promise<Answer> =>
  send(path, { method: 'POST', headers: { authorization }, body: new URLSearchParams(fields) });

/** A client that registered itself, a person who uses it, and everything the two hold at one moment. */
async function everything() {
  registrations += 1;
  const registration = await send('/register', {
    method: 'POST',
    // Each from a network of its own: registration is slowed for each.
    headers: { 'content-type': 'application/json', 'x-forwarded-for': `198.51.${registrations}.1` },
    body: JSON.stringify({
      redirect_uris: [redirectUri],
      post_logout_redirect_uris: [afterLogout],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials', DEVICE],
      response_types: ['code'],
      scope: 'openid offline_access users:read',
    }),
  });
  const { client_id, client_secret, registration_access_token, registration_client_uri } = registration.body;
  const clientId = String(client_id);
  const authorization = `Basic ${Buffer.from(`${clientId}:${client_secret}`).toString('base64')}`;
  const grant = [{ resource: ADMIN, values: ['users:read'] }];
  await admin.patch(`/clients/${clientId}`, { permissions: grant });
  const person = await aPerson(server);
  const role = await admin.post('/roles', { name: `role of ${clientId}`, permissions: grant });
  await admin.post('/role-assignments', { roleId: role.id, userId: person.id });

  const verifier = randomBytes(32).toString('base64url');
  const code_challenge = createHash('sha256').update(verifier).digest('base64url');
  const request = { scope: 'openid users:read', resource: ADMIN, code_challenge };
  const visitor = new WebVisitor(server);
  const consent = await visitor.signIn(
    await visitor.get(authorizeUrl(server, { clientId, redirectUri }, request)),
    person.userName,
    password,
  );
  const { code = '' } = callback((await visitor.submit(consent, 'decision', { decision: 'approve' })).url);
  const grantType = { grant_type: 'authorization_code', code_verifier: verifier, redirect_uri: redirectUri, code };
  const tokens = (await form('/token', authorization, { ...grantType, resource: ADMIN })).body;
  const service = (await form('/token', authorization, { grant_type: 'client_credentials', resource: ADMIN })).body;
  const parameters = Object.fromEntries(new URL(authorizeUrl(server, { clientId, redirectUri }, request)).searchParams);
  const pushed = (await form('/par', authorization, parameters)).body;
  const device = (await form('/device/authorize', authorization, { scope: 'openid' })).body;
  const waiting = new WebVisitor(server);
  const login = await waiting.get(authorizeUrl(server, { clientId, redirectUri }, request));
  const asked = await visitor.get(authorizeUrl(server, { clientId, redirectUri }, { prompt: 'consent' }));
  const home = await visitor.get('/account');
  const { token: link } = await server.foundation.transact({ type: 'operator', id: 'test' }, (tx) =>
    issueSetPasswordLink(tx, { userId: person.id }),
  );
  return {
    ...{ clientId, authorization, person, visitor, waiting, login, asked, home, parameters, link },
    personToken: String(tokens.access_token),
    idToken: String(tokens.id_token),
    serviceToken: String(service.access_token),
    requestUri: String(pushed.request_uri),
    userCode: String(device.user_code),
    management: new URL(String(registration_client_uri)).pathname,
    managementToken: String(registration_access_token),
  };
}

type Held = Awaited<ReturnType<typeof everything>>;
type Entry = (held: Held) => Promise<boolean>;

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const opens = async (path: string, token: string): Promise<boolean> => (await send(path, bearer(token))).status === 200;
const hasCode = ({ url }: Page): boolean => url.startsWith(redirectUri) && 'code' in callback(url);
const signedInAt = ({ html }: Page, { userName }: User): boolean => html.includes(userName) && html.includes('/logout');

const ofBoth: Readonly<Record<string, Entry>> = {
  'the admin API with a token of the person': ({ personToken }) => opens('/admin/v1/users', personToken),
  'the consent page that was open': async ({ visitor, asked }) =>
    hasCode(await visitor.submit(asked, 'decision', { decision: 'approve' })),
  'the login page that was open': async ({ waiting, login, person }) => {
    const page = await waiting.signIn(login, person.userName, password);
    return hasCode(page) || page.forms.some(({ names }) => names.includes('decision'));
  },
};

const ofClient: Readonly<Record<string, Entry>> = {
  ...ofBoth,
  'the admin API with a token of its own': ({ serviceToken }) => opens('/admin/v1/users', serviceToken),
  'a request it pushed before': async ({ clientId, requestUri }) => {
    const query = new URLSearchParams({ client_id: clientId, request_uri: requestUri });
    return (await new WebVisitor(server).get(`/authorize?${query}`)).url.includes('/interaction/');
  },
  'pushing a request': async ({ authorization, parameters }) =>
    (await form('/par', authorization, parameters)).status === 201,
  'a plain request': async ({ parameters }) =>
    (await new WebVisitor(server).get(`/authorize?${new URLSearchParams(parameters)}`)).url.includes('/interaction/'),
  'beginning for a device': async ({ authorization }) =>
    (await form('/device/authorize', authorization, { scope: 'openid' })).status === 200,
  'a code that a device shows': async ({ userCode, clientId }) => {
    const visitor = new WebVisitor(server);
    const page = await visitor.submit(await visitor.get('/device'), 'user_code', { user_code: userCode });
    return page.status === 200 && page.html.includes(clientId) && page.html.includes('decision');
  },
  introspection: async ({ authorization, personToken }) =>
    (await form('/introspect', authorization, { token: personToken })).body.active === true,
  revocation: async ({ authorization, serviceToken }) =>
    (await form('/revoke', authorization, { token: serviceToken })).status === 200,
  'reading its registration (RFC 7592 §2.1)': async ({ management, managementToken }) => {
    const answer = await send(management, bearer(managementToken));
    return answer.status === 200;
  },
  'being returned to after a logout': async ({ clientId, idToken, visitor }) => {
    const query = new URLSearchParams({
      ...{ client_id: clientId, id_token_hint: idToken },
      post_logout_redirect_uri: afterLogout,
    });
    const page = await visitor.get(`/logout?${query}`);
    if (!page.forms.some(({ names }) => names.includes('logout'))) return false;
    return (await visitor.submit(page, 'logout', { logout: 'yes' })).url.startsWith(afterLogout);
  },
};

const ofPerson: Readonly<Record<string, Entry>> = {
  ...ofBoth,
  'the account page': async ({ visitor, person }) => signedInAt(await visitor.get('/account'), person),
  'the change of password that was open': async ({ visitor, home }) => {
    const next = { 'new-password': 'nine badgers count the harvest', 'current-password': password };
    return (await visitor.submit(home, 'new-password', next)).url.includes('changed=password');
  },
  'a one-time link from before': async ({ link }) =>
    (await new WebVisitor(server).get(`/account/set-password?token=${link}`)).status === 200,
  'a device that they approve': async ({ visitor, userCode }) => {
    const page = await visitor.submit(await visitor.get('/device'), 'user_code', { user_code: userCode });
    const { action, hidden } = formWith(page, 'decision');
    const next = await visitor.post(action, { ...hidden, decision: 'approve' });
    return titleOf(next).includes('The device is connected');
  },
  'signing in anew': async ({ person }) => {
    const visitor = new WebVisitor(server);
    return signedInAt(await visitor.signIn(await visitor.get('/account'), person.userName, password), person);
  },
  'signing in anew in a browser that is known': async ({ visitor, person }) => {
    const page = await visitor.get(
      authorizeUrl(
        server,
        { clientId: ACCOUNT_CLIENT_ID, redirectUri: `${server.issuer}/account/callback` },
        { prompt: 'login' },
      ),
    );
    return signedInAt(await visitor.signIn(page, person.userName, password), person);
  },
};

/** Nobody was there to end a link: it still sets a password, which opens nothing. */
function withoutLinks({
  'a one-time link from before': _,
  ...entries
}: Readonly<Record<string, Entry>>): Readonly<Record<string, Entry>> {
  return entries;
}

const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();
const putOut =
  (change: object) =>
  ({ person }: Held) =>
    admin.patch(`/users/${person.id}`, change);

/** A last day that nobody did anything on: what is left over is refused where it is used. */
const lastDayPassed = ({ person }: Held) =>
  server.foundation.transact({ type: 'operator', id: 'test' }, async (tx) => {
    await tx.query('UPDATE users SET ends_at = $2 WHERE id = $1', [person.id, new Date(tx.now.getTime() - 1)]);
    tx.record({ type: 'users.updated', target: { type: 'user', id: person.id } });
    tx.announce({ topic: 'users', key: person.id });
  });

const matrix = {
  'a client that is disabled': [
    ofClient,
    ({ clientId }: Held) => admin.patch(`/clients/${clientId}`, { enabled: false }),
  ],
  'a client that is gone': [ofClient, ({ clientId }: Held) => admin.delete(`/clients/${clientId}`)],
  'a person who is deactivated': [
    ofPerson,
    ({ person }: Held) => admin.patch(`/users/${person.id}`, { active: false }),
  ],
  'a person who is suspended': [ofPerson, putOut({ status: 'suspended' })],
  'a person who is staged': [ofPerson, putOut({ status: 'staged' })],
  'a person whose first day is put off': [ofPerson, putOut({ startsAt: inDays(1) })],
  'a person whose last day is set to one past': [ofPerson, putOut({ endsAt: inDays(-1) })],
  'a person whose last day has passed': [withoutLinks(ofPerson), lastDayPassed],
  'a person who is gone': [ofPerson, ({ person }: Held) => admin.delete(`/users/${person.id}`)],
} as const;

describe.each(Object.entries(matrix))('%s', (_, [entries, change]) => {
  it.each(Object.entries(entries))('%s: open before, closed after', async (_name, entry) => {
    expect(await entry(await everything())).toBe(true);
    const held = await everything();
    await change(held);

    expect(await entry(held)).toBe(false);
  });
});

describe('the application that the account pages are', () => {
  const changes: readonly (readonly [string, string, object | undefined])[] = [
    ['DELETE', '', undefined],
    ['PATCH', '', { enabled: false }],
    ['PATCH', '', { redirect_uris: ['https://elsewhere.example/callback'] }],
    ['PATCH', '', { client_name: 'Something else' }],
    ['PATCH', '', { permissions: [{ resource: 'urn:doorward:admin', values: ['users:read'] }] }],
    ['POST', '/secrets', {}],
  ];

  it.each(changes)('%s %s %j is refused: nobody takes those pages away', async (method, path, body) => {
    const before = await admin.get(`/clients/${ACCOUNT_CLIENT_ID}`);

    const reply = await admin.call(method, `/clients/${ACCOUNT_CLIENT_ID}${path}`, body);

    expect([reply.status, reply.body.code]).toEqual([409, 'clients.built_in']);
    expect(await admin.get(`/clients/${ACCOUNT_CLIENT_ID}`)).toEqual(before);
  });

  it('nor puts them into an organization, which could be suspended', async () => {
    const { id } = await admin.post('/organizations', { name: 'Acme' });

    const reply = await admin.call('PATCH', `/clients/${ACCOUNT_CLIENT_ID}`, { organization_id: id });

    expect([reply.status, reply.body.code]).toEqual([409, 'clients.built_in']);
  });

  it('and where one was in an organization from before, the next start takes it out', async () => {
    const { id } = await admin.post('/organizations', { name: 'Bolt' });
    const { dataSource, transact } = server.foundation;
    await dataSource.query('UPDATE clients SET organization_id = $2 WHERE client_id = $1', [ACCOUNT_CLIENT_ID, id]);

    await transact(systemActor('start'), (tx) => ensureAccountClient(tx, { issuer: server.issuer }));

    expect((await admin.get(`/clients/${ACCOUNT_CLIENT_ID}`)).organization_id).toBeUndefined();
  });
});
