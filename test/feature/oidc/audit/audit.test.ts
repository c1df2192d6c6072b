import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isAuditType } from '../../../../src/domain/audit/catalogue.ts';
import { aProvider, type TestProvider } from '../../../support/provider.ts';
import { authorizeUrl, basic, obtainCode, pkce, post, redeem, TestBrowser } from '../../../support/provider-browser.ts';
import { addClient, addResourceServer, addUser, allow } from '../../../support/provider-seed.ts';

const API = 'https://api.example';
const web = basic('web', 'web-secret');
let idp: TestProvider;
let alice: string;

beforeAll(async () => {
  idp = await aProvider();
  await addResourceServer(idp, { identifier: API, format: 'jwt', permissions: ['orders:read'] });
  await addClient(idp, {
    clientId: 'web',
    secret: 'web-secret',
    metadata: { scope: 'openid email', grant_types: ['authorization_code', 'refresh_token', 'client_credentials'] },
  });
  await addClient(idp, {
    clientId: 'worker',
    secret: 'web-secret',
    metadata: { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] },
  });
  await allow(idp, { subject: { clientId: 'worker' }, resource: API, values: ['orders:read'] });
  alice = await addUser(idp, { userName: 'alice' });
});

afterAll(() => idp.end());

type Row = {
  type: string;
  outcome: string;
  reason: string | null;
  actor_type: string;
  actor_id: string;
  client_id: string | null;
  ip_address: string;
  details: Record<string, unknown>;
};
async function eventsOf(requestId: string): Promise<Row[]> {
  const { rows } = await idp.pool.query<Row>('SELECT * FROM audit_events WHERE request_id = $1 ORDER BY id', [
    requestId,
  ]);
  return rows;
}

describe('what the audit log says of tokens', () => {
  it('an issuance is there before its answer, with who, for which client, which scope and from where', async () => {
    const signedIn = await obtainCode(idp, { clientId: 'web', scope: 'openid email' }, { accountId: alice });
    const form = {
      grant_type: 'authorization_code',
      code: signedIn.code,
      code_verifier: signedIn.verifier,
      redirect_uri: 'https://rp.example/callback',
    };
    const { response } = await post(idp, '/token', form, { authorization: web });

    expect(await eventsOf(String(response.headers.get('x-request-id')))).toEqual([
      expect.objectContaining({
        ...{
          type: 'tokens.issued',
          outcome: 'success',
          actor_type: 'user',
          actor_id: alice,
          client_id: 'web',
          ip_address: '127.0.0.1',
        },
        details: {
          grantType: 'authorization_code',
          tokens: ['access_token', 'refresh_token', 'id_token'],
          scope: 'openid email',
        },
      }),
    ]);
  });

  it('a JWT that is never stored leaves a row as well', async () => {
    await post(
      idp,
      '/token',
      { grant_type: 'client_credentials' },
      { authorization: basic('worker', 'web-secret'), 'x-request-id': 'jwt' },
    );

    expect(await eventsOf('jwt')).toEqual([
      expect.objectContaining({
        type: 'tokens.issued',
        actor_type: 'client',
        actor_id: 'worker',
        details: expect.objectContaining({ resource: API }),
      }),
    ]);
  });

  it('DESIGN §3: when the row cannot be written there is no token', async () => {
    await idp.pool.query(
      `ALTER TABLE audit_events ADD CONSTRAINT nothing_more CHECK (type <> 'tokens.issued') NOT VALID`,
    );
    const before = await idp.pool.query('SELECT count(*)::int AS count FROM provider_records');

    const { status, body } = await post(
      idp,
      '/token',
      { grant_type: 'client_credentials' },
      { authorization: basic('worker', 'web-secret') },
    );

    expect([status, body.error]).toEqual([500, 'server_error']);
    expect(body).not.toHaveProperty('access_token');
    expect((await idp.pool.query('SELECT count(*)::int AS count FROM provider_records')).rows).toEqual(before.rows);
    await idp.pool.query('ALTER TABLE audit_events DROP CONSTRAINT nothing_more');
  });

  it.each([
    [
      'a wrong secret',
      { authorization: basic('web', 'wrong') },
      { grant_type: 'client_credentials' },
      'invalid_client',
      'invalid secret provided',
    ],
    [
      'an unknown client',
      { authorization: basic('nobody', 'x') },
      { grant_type: 'client_credentials' },
      'invalid_client',
      'client not found',
    ],
    [
      'an unknown code',
      { authorization: web },
      { grant_type: 'authorization_code', code: 'none', redirect_uri: 'https://rp.example/callback' },
      'invalid_grant',
      'authorization code not found',
    ],
  ])('%s: the client learns little, the administrator the reason', async (name, headers, form, reason, detail) => {
    const { body } = await post(idp, '/token', form, { ...headers, 'x-request-id': name });

    expect(JSON.stringify(body)).not.toContain(detail);
    expect(await eventsOf(name)).toEqual([
      expect.objectContaining({
        type: 'tokens.refused',
        outcome: 'refused',
        reason,
        details: expect.objectContaining({ detail }),
      }),
    ]);
  });

  it('which scope was refused', async () => {
    const url = authorizeUrl(idp, { clientId: 'web', scope: 'openid phone' }, pkce().challenge);
    await new TestBrowser(idp).visit(url, {}, { headers: { 'x-request-id': 'scope' } });

    expect(await eventsOf('scope')).toEqual([
      expect.objectContaining({
        type: 'authorizations.refused',
        reason: 'invalid_scope',
        details: expect.objectContaining({ refusedScope: 'phone', scope: 'openid phone' }),
      }),
    ]);
  });

  it('a flow that goes on is no refusal, and every type is in the catalogue', async () => {
    const { browser } = await obtainCode(idp, { clientId: 'web' }, { accountId: alice });
    await browser.visit(
      authorizeUrl(idp, { clientId: 'web', prompt: 'none' }, pkce().challenge),
      {},
      { headers: { 'x-request-id': 'silent' } },
    );
    await new TestBrowser(idp).visit(
      authorizeUrl(idp, { clientId: 'web', prompt: 'none' }, pkce().challenge),
      {},
      { headers: { 'x-request-id': 'silent' } },
    );

    expect(await eventsOf('silent')).toEqual([]);
    const { rows } = await idp.pool.query<{ type: string }>('SELECT DISTINCT type FROM audit_events');
    expect(rows.map(({ type }) => type).filter((type) => !isAuditType(type))).toEqual([]);
  });

  it('SECURITY-LESSONS 39: no secret, code or token is in the log', async () => {
    const signedIn = await obtainCode(idp, { clientId: 'web', scope: 'openid email' }, { accountId: alice });
    const { body } = await redeem(idp, signedIn, web);
    await post(
      idp,
      '/token',
      { grant_type: 'refresh_token', refresh_token: `${body.refresh_token}x` },
      { authorization: web },
    );
    await redeem(idp, signedIn, web);
    const { rows } = await idp.pool.query('SELECT to_jsonb(audit_events) AS row FROM audit_events');

    const text = JSON.stringify(rows);
    for (const secret of [
      signedIn.code,
      signedIn.verifier,
      body.access_token,
      body.refresh_token,
      body.id_token,
      'web-secret',
    ])
      expect(text).not.toContain(String(secret));
  });

  it('SECURITY-LESSONS 37: NUL, lone surrogates and long values are refused and recorded without a 5xx', async () => {
    const values = [
      '\u0000',
      'a\u0000b',
      '\ud800',
      'x'.repeat(20_000),
      '%00',
      '../../etc/passwd',
      '{"$ne":1}',
      'ﬃ'.repeat(100),
    ];
    for (const value of values) {
      for (const name of [
        'client_id',
        'scope',
        'redirect_uri',
        'resource',
        'state',
        'claims',
        'acr_values',
        'id_token_hint',
        'request',
        'request_uri',
        'prompt',
        'max_age',
        'response_mode',
      ]) {
        const query = new URLSearchParams(new URL(authorizeUrl(idp, { clientId: 'web' }, pkce().challenge)).search);
        query.set(name, value);
        const { status } = await new TestBrowser(idp).visit(`${idp.issuer}/authorize?${query}`.slice(0, 15_000));
        expect({ name, value: value.slice(0, 20), isOurFault: status >= 500 }).toEqual({
          name,
          value: value.slice(0, 20),
          isOurFault: false,
        });
      }
      for (const name of [
        'grant_type',
        'code',
        'refresh_token',
        'device_code',
        'scope',
        'resource',
        'client_id',
        'client_assertion',
      ]) {
        const { status } = await post(
          idp,
          '/token',
          { grant_type: 'authorization_code', code: 'x', redirect_uri: 'x', [name]: value },
          name === 'client_id' ? {} : { authorization: web },
        );
        expect({ name, value: value.slice(0, 20), isOurFault: status >= 500 }).toEqual({
          name,
          value: value.slice(0, 20),
          isOurFault: false,
        });
      }
      for (const path of ['/introspect', '/revoke'])
        expect((await post(idp, path, { token: value }, { authorization: web })).status).toBeLessThan(500);
    }
  });
});
