import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { matchesClientSecret } from '../../../src/domain/clients/client-secret.ts';
import { type AccessApi, anAccessApi, anOrdersApi, ORDERS, pepper } from './access-api.ts';
import { type Body, faults, items } from './people-api.ts';

let api: AccessApi;

beforeAll(async () => {
  api = await anAccessApi();
  await anOrdersApi(api);
});

afterAll(() => api.close());

const web = (more: object = {}) => ({
  client_name: 'Example web app',
  redirect_uris: ['https://app.example.com/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'client_secret_basic',
  ...more,
});
const aClient = (more: object = {}) => api.done('POST', '/clients', web(more));
const storedHashes = async (clientId: unknown) =>
  (
    await api.read.query<{ hash: string }>('SELECT hash FROM client_secrets WHERE client_id = $1 ORDER BY created_at', [
      clientId,
    ])
  ).map(({ hash }) => hash);

describe('POST /clients', () => {
  it('RFC 7591 §3.2.1: answers the registered metadata, a generated client_id and, this once, a secret of 256 bits', async () => {
    const reply = await api.call('POST', '/clients', { body: web() });

    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({
      ...web(),
      enabled: true,
      first_party: false,
      require_pkce: true,
      permissions: [],
    });
    expect(reply.body.id).toBe(reply.body.client_id);
    expect(reply.headers.get('location')).toBe(`/admin/v1/clients/${reply.body.client_id}`);
    expect(Buffer.from(String(reply.body.client_secret), 'base64url')).toHaveLength(32);
    const [hash] = await storedHashes(reply.body.client_id);
    expect(matchesClientSecret(pepper, String(hash), String(reply.body.client_secret))).toBe(true);
  });

  it('no other answer, audit event or row holds the secret', async () => {
    const reply = await api.call('POST', '/clients', { body: web() });
    const secret = String(reply.body.client_secret);
    const path = `/clients/${reply.body.client_id}`;

    const later = [
      await api.call('GET', path),
      await api.call('GET', '/clients?limit=200'),
      await api.call('GET', `${path}/secrets`),
      await api.call('PATCH', path, { body: { client_name: 'renamed' } }),
    ];
    const tables = ['clients', 'client_secrets', 'audit_events', 'outbox_messages'];
    const rows = await Promise.all(tables.map((table) => api.read.query(`SELECT t::text FROM ${table} t`)));

    for (const { status, text } of later) {
      expect(status).toBe(200);
      expect(text).not.toContain(secret);
      expect(text).not.toMatch(/"client_secret"|hmac-sha256|sha256\$/);
    }
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(await api.auditOf(reply)).toMatchObject([
      { type: 'clients.created', details: { changed: { client_secret: { to: '[redacted]' } } } },
    ]);
  });

  it('takes the entries of a declarative file (DESIGN §8), own secrets and hashes included, and does not echo them', async () => {
    const secret = 'dev-only-secret';
    const hash = `sha256$${createHash('sha256').update(secret).digest('base64url')}`;

    const withSecret = await aClient({ client_id: 'own-secret', client_secret: secret, first_party: true });
    const withHash = await aClient({ client_id: 'own-hash', client_secret_hash: hash });

    expect(JSON.stringify([withSecret, withHash])).not.toMatch(/client_secret"|dev-only|sha256/);
    for (const id of ['own-secret', 'own-hash']) {
      const [stored] = await storedHashes(id);
      expect(matchesClientSecret(pepper, String(stored), secret)).toBe(true);
      expect(matchesClientSecret(pepper, String(stored), `${secret}x`)).toBe(false);
    }
  });

  it('grant_types alone decide response_types, so that a service needs no redirect URI', async () => {
    const permissions = [{ resource: ORDERS, values: ['orders:read'] }];

    const worker = await api.done('POST', '/clients', {
      client_id: 'worker',
      grant_types: ['client_credentials'],
      permissions,
    });

    expect(worker).toMatchObject({
      response_types: [],
      permissions,
      token_endpoint_auth_method: 'client_secret_basic',
    });
  });

  it('client_secret_jwt and HS256 keep the secret recoverable, others only its hash', async () => {
    const rows = async (more: object) => {
      const { client_id } = await aClient(more);
      return api.read.query('SELECT envelope IS NOT NULL AS sealed FROM client_secrets WHERE client_id = $1', [
        client_id,
      ]);
    };

    expect(await rows({ token_endpoint_auth_method: 'client_secret_jwt' })).toEqual([{ sealed: true }]);
    expect(await rows({ id_token_signed_response_alg: 'HS256' })).toEqual([{ sealed: true }]);
    expect(await rows({})).toEqual([{ sealed: false }]);
    expect(await rows({ token_endpoint_auth_method: 'none' })).toEqual([]);
  });

  it('a replay with the same client_id is 409, also in parallel', async () => {
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => api.call('POST', '/clients', { body: web({ client_id: 'once' }) })),
    );

    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    expect(replies.find(({ status }) => status === 409)?.body.code).toBe('clients.client_id_taken');
  });

  it('RFC 9068 §5: the id of a person cannot become a client_id', async () => {
    const client_id = await api.aUser();

    const reply = await api.call('POST', '/clients', { body: web({ client_id }) });

    expect([reply.status, faults(reply)]).toEqual([409, ['/client_id']]);
  });
});

describe('what is refused, with a pointer', () => {
  const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' };
  const cases: readonly (readonly [string, object, readonly string[]])[] = [
    [
      'unknown metadata, by name',
      { request_uris: [], frontchannel_logout_uri: 'https://a.example' },
      ['/request_uris', '/frontchannel_logout_uri'],
    ],
    [
      'columns that are not input',
      { version: 7, managed_by: 'x', access_valid_from: 'x', id: 'y' },
      ['/version', '/managed_by', '/access_valid_from', '/id'],
    ],
    ['a redirect URI with a wildcard', { redirect_uris: ['https://*.example.com/cb'] }, ['/redirect_uris/0']],
    ['a relative redirect URI', { redirect_uris: ['https://app.example.com/cb', '/cb'] }, ['/redirect_uris/1']],
    [
      'code without authorization_code',
      { grant_types: ['client_credentials'], response_types: ['code'] },
      ['/grant_types'],
    ],
    ['authorization_code without code', { response_types: [] }, ['/response_types']],
    ['code flow without redirect URIs', { redirect_uris: [] }, ['/redirect_uris']],
    ['refresh_token alone', { grant_types: ['refresh_token'], response_types: [] }, ['/grant_types']],
    ['the password grant', { grant_types: ['password'] }, ['/grant_types/0']],
    [
      'client_credentials for a public client',
      { token_endpoint_auth_method: 'none', grant_types: ['client_credentials'] },
      ['/grant_types'],
    ],
    ['a public client without PKCE', { token_endpoint_auth_method: 'none', require_pkce: false }, ['/require_pkce']],
    ['a public client with a secret', { token_endpoint_auth_method: 'none', client_secret: 'x' }, ['/client_secret']],
    ['private_key_jwt without keys', { token_endpoint_auth_method: 'private_key_jwt' }, ['/jwks']],
    ['keys twice', { jwks: { keys: [key] }, jwks_uri: 'https://a.example/jwks' }, ['/jwks_uri']],
    [
      'a private key',
      { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ ...key, d: 'secret' }] } },
      ['/jwks/keys/0/d'],
    ],
    ['a symmetric key', { jwks: { keys: [{ kty: 'oct', k: 'secret' }] } }, ['/jwks/keys/0/kty']],
    [
      'a hash where the secret is needed',
      { token_endpoint_auth_method: 'client_secret_jwt', client_secret_hash: `sha256$${'a'.repeat(43)}` },
      ['/client_secret_hash'],
    ],
    ['a hash of unknown form', { client_secret_hash: '$2b$12$abc' }, ['/client_secret_hash']],
    ['a CORS origin with a path', { allowed_cors_origins: ['https://app.example.com/'] }, ['/allowed_cors_origins/0']],
    ['the CORS origin null', { allowed_cors_origins: ['null'] }, ['/allowed_cors_origins/0']],
    [
      'unknown permissions',
      { permissions: [{ resource: ORDERS, values: ['orders:burn'] }] },
      ['/permissions/0/values/0'],
    ],
    ['an unknown profile', { security_profile: 'strict' }, ['/security_profile']],
    [
      'fapi-2.0 with a shared secret',
      { security_profile: 'fapi-2.0', dpop_bound_access_tokens: true, require_pushed_authorization_requests: true },
      ['/token_endpoint_auth_method'],
    ],
    ['plain http for keys', { jwks_uri: 'http://keys.example.com/jwks' }, ['/jwks_uri']],
    [
      'wrong types',
      { first_party: 'true', redirect_uris: 'https://app.example.com/cb', default_max_age: -1 },
      ['/first_party', '/redirect_uris', '/default_max_age'],
    ],
  ];

  it.each(cases)('%s', async (_, more, pointers) => {
    const reply = await api.call('POST', '/clients', { body: web(more) });

    expect([reply.status, [...new Set(faults(reply))].sort()]).toEqual([422, [...pointers].sort()]);
    expect(await api.auditOf(reply)).toEqual([]);
  });

  it.each(cases.filter(([, more]) => !('client_secret' in more || 'client_secret_hash' in more)))(
    'the same by PATCH: %s',
    async (_, more, pointers) => {
      const client = await aClient();

      const reply = await api.call('PATCH', `/clients/${client.client_id}`, { body: more });

      expect([reply.status, [...new Set(faults(reply))].sort()]).toEqual([422, [...pointers].sort()]);
      expect((await api.done('GET', `/clients/${client.client_id}`)).version).toBe(1);
    },
  );
});

describe('PATCH and DELETE /clients/{client_id}', () => {
  it('RFC 7396: null takes a setting back to its default; the audit event holds what changed', async () => {
    const client = await aClient({ first_party: true, tos_uri: 'https://app.example.com/tos' });

    const reply = await api.call('PATCH', `/clients/${client.client_id}`, {
      body: { first_party: null, tos_uri: null, claims_in_id_token: true },
      headers: { 'if-match': '"1"', 'content-type': 'application/merge-patch+json' },
    });

    expect(reply.body).toMatchObject({ first_party: false, claims_in_id_token: true, version: 2 });
    expect(reply.body).not.toHaveProperty('tos_uri');
    expect((await api.auditOf(reply)).find(({ type }) => type === 'clients.updated')).toMatchObject({
      details: {
        changed: {
          first_party: { from: true, to: false },
          tos_uri: { from: 'https://app.example.com/tos' },
          claims_in_id_token: { from: false, to: true },
        },
      },
    });
    expect(
      (await api.call('PATCH', `/clients/${client.client_id}`, { body: {}, headers: { 'if-match': '"1"' } })).status,
    ).toBe(412);
  });

  it('a change that changes nothing writes neither a version nor an audit event', async () => {
    const { client_id, client_secret, client_secret_expires_at, ...client } = await aClient();

    const reply = await api.call('PATCH', `/clients/${client_id}`, { body: web() });

    expect(reply.body).toEqual({ ...client, client_id });
    expect(await api.auditOf(reply)).toEqual([]);
  });

  it('permissions are replaced whole, each change with its event', async () => {
    const { client_id } = await aClient({ permissions: [{ resource: ORDERS, values: ['orders:read'] }] });
    const permissions = [{ resource: ORDERS, values: ['orders:read', 'orders:write'] }];

    const reply = await api.call('PATCH', `/clients/${client_id}`, { body: { permissions } });

    expect(reply.body).toMatchObject({ permissions, version: 2 });
    expect((await api.auditOf(reply)).map(({ type }) => type)).toEqual(['client-permissions.replaced']);
  });

  it('turning a public client confidential issues its first secret, once; turning back deletes it', async () => {
    const { client_id } = await aClient({ token_endpoint_auth_method: 'none' });
    const path = `/clients/${client_id}`;

    const confidential = await api.done('PATCH', path, { token_endpoint_auth_method: 'client_secret_post' });
    const again = await api.done('PATCH', path, { client_name: 'same secret' });
    const [hash] = await storedHashes(client_id);
    await api.done('PATCH', path, { token_endpoint_auth_method: 'none' });

    expect(matchesClientSecret(pepper, String(hash), String(confidential.client_secret))).toBe(true);
    expect(again).not.toHaveProperty('client_secret');
    expect(await storedHashes(client_id)).toEqual([]);
  });

  it('disabling and deleting end what was issued to the client in the same transaction; enabling restores nothing', async () => {
    const { client_id } = await aClient();
    const path = `/clients/${client_id}`;
    const aToken = () =>
      api.dataSource.query(
        `INSERT INTO provider_records (id, model, payload, client_id, expires_at)
         VALUES (sha256(gen_random_uuid()::text::bytea), 'RefreshToken', '{}', $1, now() + interval '1 day')`,
        [client_id],
      );
    const tokens = async () =>
      (await api.read.query('SELECT id FROM provider_records WHERE client_id = $1 AND ended_at IS NULL', [client_id]))
        .length;

    await aToken();
    const disabled = await api.call('PATCH', path, { body: { enabled: false } });
    const afterDisabling = await tokens();
    const enabled = await api.call('PATCH', path, { body: { enabled: true } });
    const afterEnabling = await tokens();
    await aToken();
    const deleted = await api.call('DELETE', path);

    expect([disabled.body.enabled, enabled.body.enabled, deleted.status]).toEqual([false, true, 204]);
    expect([afterDisabling, afterEnabling, await tokens()]).toEqual([0, 0, 0]);
    const types = await Promise.all(
      [disabled, enabled, deleted].map(async (reply) => (await api.auditOf(reply))[0]?.type),
    );
    expect(types).toEqual(['clients.disabled', 'clients.enabled', 'clients.deleted']);
    expect((await api.call('GET', path)).status).toBe(404);
  });

  it('unknown clients are 404, whatever the id looks like', async () => {
    for (const id of ['nobody', '%2e%2e%2f', 'a%20b', "'%20OR%201=1"]) {
      for (const [method, body] of [['GET'], ['PATCH', {}], ['DELETE']] as const) {
        expect((await api.call(method, `/clients/${id}`, body === undefined ? {} : { body })).status).toBe(404);
      }
    }
  });

  it('a client_id with characters of its own is reachable at its Location', async () => {
    const reply = await api.call('POST', '/clients', { body: web({ client_id: 'https://client.example/a?b=c&d' }) });

    expect(await api.done('GET', String(reply.headers.get('location')))).toMatchObject({
      client_id: 'https://client.example/a?b=c&d',
    });
  });
});

describe('secrets', () => {
  const secretsOf = async (id: unknown) => items(await api.call('GET', `/clients/${id}/secrets`), 'secrets');
  const working = async (id: unknown, candidates: readonly unknown[]) => {
    const rows = await api.read.query<{ hash: string }>(
      'SELECT hash FROM client_secrets WHERE client_id = $1 AND (expires_at IS NULL OR expires_at > $2)',
      [id, api.clock.now()],
    );
    return candidates.map((secret) => rows.some(({ hash }) => matchesClientSecret(pepper, hash, String(secret))));
  };

  it('rotation: two work during the change-over (24 hours unless told), then one', async () => {
    const client = await aClient();
    api.clock.advanceSeconds(1);

    const rotated = await api.call('POST', `/clients/${client.client_id}/secrets`, { body: {} });
    const both = await working(client.client_id, [client.client_secret, rotated.body.client_secret]);
    api.clock.advanceSeconds(86_400);
    const later = await working(client.client_id, [client.client_secret, rotated.body.client_secret]);

    expect(rotated.status).toBe(201);
    expect([both, later]).toEqual([
      [true, true],
      [false, true],
    ]);
    expect(
      (await secretsOf(client.client_id)).map(({ id, expiresAt }) => [id === rotated.body.id, expiresAt !== undefined]),
    ).toEqual([
      [true, false],
      [false, true],
    ]);
    const events = await api.auditOf(rotated);
    expect(events.map(({ type }) => type)).toEqual(['client-secrets.rotated']);
    expect(JSON.stringify(events)).not.toContain(String(rotated.body.client_secret));
  });

  it('takes a request without any body', async () => {
    const client = await aClient();

    const rotated = await api.call('POST', `/clients/${client.client_id}/secrets`);

    expect([rotated.status, typeof rotated.body.client_secret]).toEqual([201, 'string']);
  });

  it('never three: a second rotation within the change-over ends the oldest', async () => {
    const client = await aClient();
    const secrets: unknown[] = [client.client_secret];
    for (let round = 0; round < 2; round += 1) {
      api.clock.advanceSeconds(1);
      secrets.push((await api.done('POST', `/clients/${client.client_id}/secrets`, {})).client_secret);
    }

    expect(await working(client.client_id, secrets)).toEqual([false, true, true]);
  });

  it('a leaked secret ends at once: previousExpiresAt in the past, or DELETE of the older one', async () => {
    const [one, two] = [await aClient(), await aClient()];
    api.clock.advanceSeconds(1);

    const previousExpiresAt = api.clock.now().toISOString();
    const replaced = await api.done('POST', `/clients/${one.client_id}/secrets`, { previousExpiresAt });
    const older = (await secretsOf(two.client_id))[0]?.id;
    const beside = await api.done('POST', `/clients/${two.client_id}/secrets`, {});
    const deleted = await api.call('DELETE', `/clients/${two.client_id}/secrets/${older}`);

    expect(await working(one.client_id, [one.client_secret, replaced.client_secret])).toEqual([false, true]);
    expect(deleted.status).toBe(204);
    expect(await working(two.client_id, [two.client_secret, beside.client_secret])).toEqual([false, true]);
  });

  it('the only one that works stays; unknown ones are 404; a public client has none', async () => {
    const client = await aClient();
    const publicClient = await aClient({ token_endpoint_auth_method: 'none' });
    const [only] = await secretsOf(client.client_id);

    const last = await api.call('DELETE', `/clients/${client.client_id}/secrets/${only?.id}`);
    const unknown = await api.call('DELETE', `/clients/${client.client_id}/secrets/x`);
    const foreign = await api.call('DELETE', `/clients/${publicClient.client_id}/secrets/${only?.id}`);
    const none = await api.call('POST', `/clients/${publicClient.client_id}/secrets`, { body: {} });

    expect([last.status, unknown.status, foreign.status, none.status]).toEqual([409, 404, 404, 422]);
  });
});

describe('GET /clients', () => {
  it('finds by name without regard to case, pages each client once', async () => {
    await aClient({ client_name: 'Zebra Console' });

    const found = items(await api.call('GET', '/clients?client_name=ZEBRA%20console'), 'clients');
    const seen: Body[] = [];
    for (let cursor = ''; ; ) {
      const page = await api.call('GET', `/clients?limit=7${cursor}`);
      seen.push(...items(page, 'clients'));
      if (page.body.nextCursor === undefined) break;
      cursor = `&cursor=${page.body.nextCursor}`;
    }

    expect(found.map(({ client_name }) => client_name)).toEqual(['Zebra Console']);
    const ids = seen.map(({ client_id }) => client_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength((await api.read.query('SELECT client_id FROM clients')).length);
  });

  it('shows who consented to a client', async () => {
    const { client_id } = await aClient();
    const userId = await api.aUser();
    await api.dataSource.query(
      `INSERT INTO consents (user_id, client_id, scopes, claims, resource_scopes, created_at, updated_at)
       VALUES ($1, $2, '{openid}', '{}', $3, now(), now())`,
      [userId, client_id, { [ORDERS]: ['orders:read'] }],
    );

    const reply = await api.call('GET', `/clients/${client_id}/consents`);

    expect(items(reply, 'consents')).toMatchObject([
      { userId, scopes: ['openid'], resourceScopes: { [ORDERS]: ['orders:read'] } },
    ]);
  });
});
