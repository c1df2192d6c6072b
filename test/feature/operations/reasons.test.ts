import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AdminApi, Json } from '../../support/admin-api.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { authorizationUrl, newPkce, UserAgent } from '../../support/user-agent.ts';
import { aPerson, aPublicClient, password, redirectUri } from '../system/relying-party.ts';

let server: TestServer;
let admin: AdminApi;
let clientId: string;

beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
  clientId = await aPublicClient(admin);
}, 60_000);

afterAll(async () => {
  await server?.stop();
});

/** What the administrator finds under the id of a request. */
async function eventsOf(requestId: string | null): Promise<Json[]> {
  const { auditEvents } = (await admin.get(`/audit-events?requestId=${requestId}`)) as { auditEvents: Json[] };
  return auditEvents;
}

async function refusedSignIn(username: string, typed: string) {
  const agent = new UserAgent({ via: { [server.issuer]: server.url } });
  const page = await agent.visit(authorizationUrl({ issuer: server.issuer, clientId, redirectUri }, newPkce()));
  const answer = await agent.submit(page, 'username', { username, password: typed });
  return { answer, requestId: answer.headers.get('x-request-id') };
}

const visible = (text: string, ...parts: readonly string[]) =>
  parts.reduce((rest, part) => rest.replaceAll(part, '·'), text).replace(/[\w-]{20,}/g, '·');

describe('the id of a refusal leads the administrator to the real reason (issue item 10)', () => {
  it('a refused sign-in: the page says the same for all, the audit log says why', async () => {
    const active = await aPerson(admin);
    const inactive = await aPerson(admin, { active: false });
    const without = await admin.post('/users', { userName: 'no-password@example.com' });

    const cases = [
      ['wrong_password', active.userName, 'not the password'],
      ['unknown_user', 'nobody@example.com', 'not the password'],
      ['inactive', inactive.userName, password],
      ['no_password', String(without.userName), 'not the password'],
    ] as const;
    const seen = [];
    for (const [reason, userName, typed] of cases) {
      const { answer, requestId } = await refusedSignIn(userName, typed);
      const [event] = (await eventsOf(requestId)).filter(({ outcome }) => outcome === 'refused');
      seen.push({
        reason,
        found: event?.reason,
        page: visible(answer.text, userName, requestId ?? ''),
        status: answer.status,
      });
    }

    expect(seen.map(({ found }) => found)).toEqual(seen.map(({ reason }) => reason));
    expect(new Set(seen.map(({ page, status }) => `${status} ${page}`)).size).toBe(1);
  });

  it('the page of a refused sign-in shows the id that the answer carries', async () => {
    const { answer, requestId } = await refusedSignIn('nobody@example.com', 'wrong');

    expect(requestId).not.toBeNull();
    expect(answer.text).toContain(requestId);
  });

  it('an unregistered redirect URI: which was sent, and which are registered', async () => {
    const sent = 'http://127.0.0.1:4999/elsewhere';
    const answer = await fetch(authorizationUrl({ issuer: server.url, clientId, redirectUri: sent }, newPkce()), {
      headers: { accept: 'text/html' },
      redirect: 'manual',
    });
    const requestId = answer.headers.get('x-request-id');
    const events = JSON.stringify(await eventsOf(requestId));

    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(requestId);
    expect(events).toContain(sent);
    expect(events).toContain(redirectUri);
  });

  it('a wrong client secret and a code that is used up: the token endpoint says little, the log says why', async () => {
    const { client_id: id } = await admin.post('/clients', {
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'client_secret_basic',
    });
    const ask = (headers: Record<string, string>, form: Record<string, string>) =>
      fetch(`${server.url}/token`, { method: 'POST', headers, body: new URLSearchParams(form) });

    const wrongSecret = await ask(
      { authorization: `Basic ${Buffer.from(`${id}:wrong`).toString('base64')}` },
      { grant_type: 'client_credentials' },
    );
    const noCode = await ask(
      {},
      {
        grant_type: 'authorization_code',
        client_id: clientId,
        code: 'never-issued',
        redirect_uri: redirectUri,
        code_verifier: newPkce().verifier,
      },
    );
    const events = [
      ...(await eventsOf(wrongSecret.headers.get('x-request-id'))),
      ...(await eventsOf(noCode.headers.get('x-request-id'))),
    ];

    expect(wrongSecret.status).toBe(401);
    expect(noCode.status).toBe(400);
    expect(events.map(({ type, outcome }) => `${type} ${outcome}`)).toEqual([
      'tokens.refused refused',
      'tokens.refused refused',
    ]);
    expect(events.map(({ clientId: of }) => of)).toEqual([id, clientId]);
    for (const event of events) expect(String(event.reason ?? JSON.stringify(event.details))).not.toBe('');
  });

  it('an admin call that is not allowed says which permission it needs, and has an id', async () => {
    const answer = await fetch(`${server.url}/admin/v1/users`);
    const problem = (await answer.json()) as Json;

    expect(answer.status).toBe(401);
    expect(problem.requestId).toBe(answer.headers.get('x-request-id'));
  });

  it('every answer carries an id of its own, whatever the request brought', async () => {
    const brought = 'an-id-of-the-caller';
    const paths = ['/', '/jwks', '/health/live', '/assets/doorward.css', '/nothing', '/authorize', '/admin/v1/users'];
    const ids = await Promise.all(
      [...paths, ...paths].map(async (path) => {
        const answer = await fetch(`${server.url}${path}`, {
          headers: { 'x-request-id': brought },
          redirect: 'manual',
        });
        return answer.headers.get('x-request-id');
      }),
    );

    expect(ids).not.toContain(null);
    expect(ids).not.toContain(brought);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
