import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import { aProvider, operator, type TestProvider } from '../../../support/provider.ts';
import { basic, obtainCode, redeem } from '../../../support/provider-browser.ts';
import { addClient, addUser } from '../../../support/provider-seed.ts';

let idp: TestProvider;

beforeAll(async () => {
  idp = await aProvider();
});

afterAll(() => idp.end());

type Metadata = Record<string, unknown>;
const discovery = async (): Promise<Metadata> =>
  (await fetch(`${idp.issuer}/.well-known/openid-configuration`)).json() as Promise<Metadata>;

/** fetch() would not send a Host of our choice. */
function getWithHeaders(
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; text: string; headers: unknown }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(new URL(path, idp.address), { headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
    });
    request.on('error', reject).end();
  });
}

describe('discovery', () => {
  it('OIDC Discovery §3 and DESIGN §8: the endpoints are where they are promised', async () => {
    const metadata = await discovery();

    const at = (path: string) => `${idp.issuer}${path}`;
    expect(metadata).toMatchObject({
      issuer: idp.issuer,
      authorization_endpoint: at('/authorize'),
      token_endpoint: at('/token'),
      userinfo_endpoint: at('/userinfo'),
      jwks_uri: at('/jwks'),
      introspection_endpoint: at('/introspect'),
      revocation_endpoint: at('/revoke'),
      pushed_authorization_request_endpoint: at('/par'),
      device_authorization_endpoint: at('/device/authorize'),
      end_session_endpoint: at('/logout'),
      registration_endpoint: at('/register'),
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      backchannel_logout_supported: true,
    });
    expect(metadata.id_token_signing_alg_values_supported).toEqual(expect.arrayContaining(['RS256', 'ES256', 'EdDSA']));
    expect(metadata.scopes_supported).toEqual(expect.arrayContaining(['roles', 'groups', 'permissions', 'email']));
  });

  it('RFC 8414 §3: the same document at the OAuth path, for every origin', async () => {
    const response = await fetch(`${idp.issuer}/.well-known/oauth-authorization-server`, {
      headers: { origin: 'https://spa.example' },
    });

    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toEqual(await discovery());
  });

  it.each([
    { host: 'evil.example' },
    { 'x-forwarded-host': 'evil.example' },
    { 'x-forwarded-proto': 'https' },
    { forwarded: 'host=evil.example;proto=https' },
    { host: 'evil.example', 'x-forwarded-host': 'evil.example:8443', 'x-original-host': 'evil.example' },
  ])('SECURITY-LESSONS 29: %j changes no address', async (headers) => {
    const before = await discovery();
    const { text } = await getWithHeaders('/.well-known/openid-configuration', headers);
    const authorize = await getWithHeaders('/authorize?client_id=nobody', headers);

    expect(JSON.parse(text)).toEqual(before);
    expect(authorize.text + JSON.stringify(authorize.headers)).not.toContain('evil.example');
  });

  it('OAuth 2.1: implicit and hybrid are shown only while some client is allowed them, and not to others', async () => {
    expect(await discovery()).toMatchObject({ response_types_supported: ['code'] });
    expect((await discovery()).grant_types_supported).not.toContain('implicit');
    await addClient(idp, {
      clientId: 'hybrid',
      metadata: { response_types: ['code', 'code id_token'], grant_types: ['authorization_code', 'implicit'] },
    });

    await expectEventually(async () => (await discovery()).response_types_supported, ['code', 'code id_token']);
    await idp.transact(operator, async (tx) => {
      await tx.query(`DELETE FROM clients WHERE client_id = 'hybrid'`);
      tx.record({ type: 'clients.deleted' });
      tx.announce({ topic: 'clients', key: 'hybrid' });
    });
    await expectEventually(async () => (await discovery()).response_types_supported, ['code']);
  });

  it('RFC 6749 §4.3: there is no password grant', async () => {
    expect((await discovery()).grant_types_supported).not.toContain('password');
  });
});

describe('keys', () => {
  const jwks = async () =>
    ((await (await fetch(`${idp.issuer}/jwks`)).json()) as { keys: Record<string, unknown>[] }).keys;

  it('RFC 7517: what is published is public, and what comes next is there before it signs', async () => {
    const keys = await jwks();

    expect(keys).toHaveLength(6);
    for (const key of keys)
      expect(Object.keys(key).filter((name) => ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].includes(name))).toEqual([]);
  });

  it('a rotation under load fails no request, and new tokens carry the new key', async () => {
    await addClient(idp, { clientId: 'web', secret: 'web-secret' });
    const alice = await addUser(idp, { userName: 'alice' });
    const active = () =>
      idp.keyRing.current().signing.find((key) => key.alg === 'RS256' && key.state === 'active')?.kid;
    const before = active();
    const signIn = async () => {
      const signedIn = await obtainCode(idp, { clientId: 'web' }, { accountId: alice });
      return redeem(idp, signedIn, basic('web', 'web-secret'));
    };

    const under = Array.from({ length: 10 }, signIn);
    await idp.transact(operator, (tx) => idp.keyRing.rotate(tx, {}).then(() => undefined));
    const answers = await Promise.all([...under, ...Array.from({ length: 10 }, signIn)]);

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    await expectEventually(async () => active() === before, false);
    const after = await signIn();
    expect(decodeProtectedHeader(String(after.body.id_token)).kid).toBe(active());
    expect((await jwks()).map((key) => key.kid)).toContain(before);
  });
});

async function expectEventually(read: () => Promise<unknown>, expected: unknown): Promise<void> {
  const deadline = Date.now() + 5_000;
  let seen = await read();
  while (JSON.stringify(seen) !== JSON.stringify(expected) && Date.now() < deadline) {
    await new Promise((done) => setTimeout(done, 20));
    seen = await read();
  }
  expect(seen).toEqual(expected);
}
