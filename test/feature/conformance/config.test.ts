import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aProviderUnderTest, type ProviderUnderTest } from './an-op.ts';

let op: ProviderUnderTest;

beforeAll(async () => {
  op = await aProviderUnderTest();
}, 60_000);

afterAll(async () => {
  await op?.server.stop();
});

/** Conditions of one module, in words. */
describe('oidcc-config-certification-test-plan: oidcc-discovery-endpoint-verification', () => {
  const list = (name: string): unknown[] => {
    const value = op.metadata[name];
    expect(Array.isArray(value)).toBe(true);
    return Array.isArray(value) ? value : [];
  };

  it('OIDCD-4: the document is JSON, at the place that follows from the issuer', async () => {
    const answer = await fetch(`${op.issuer}/.well-known/openid-configuration`);

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
    expect(await answer.json()).toMatchObject({ issuer: op.issuer });
  });

  it('OIDCD-3: what has to be supported is there', () => {
    expect(list('response_types_supported')).toContain('code');
    expect(list('response_modes_supported')).toEqual(expect.arrayContaining(['query', 'form_post']));
    expect(list('grant_types_supported')).toContain('authorization_code');
    expect(list('id_token_signing_alg_values_supported')).toContain('RS256');
    expect(list('userinfo_signing_alg_values_supported').length).toBeGreaterThan(0);
    expect(list('request_object_signing_alg_values_supported')).toContain('RS256');
    expect(list('subject_types_supported').every((type) => type === 'public' || type === 'pairwise')).toBe(true);
    expect(list('scopes_supported')).toContain('openid');
    expect(list('claims_supported')).toEqual(expect.arrayContaining(['sub', 'name', 'email']));
    expect(list('token_endpoint_auth_methods_supported')).toEqual(
      expect.arrayContaining(['client_secret_basic', 'client_secret_post']),
    );
    expect(list('code_challenge_methods_supported')).toEqual(['S256']);
    for (const name of ['claims_parameter_supported', 'request_parameter_supported', 'request_uri_parameter_supported'])
      expect(typeof op.metadata[name]).toBe('boolean');
  });

  it('only the code flow is offered while no client is allowed another', () => {
    expect(list('response_types_supported')).toEqual(['code']);
    expect(list('grant_types_supported')).not.toContain('implicit');
  });

  it('every address is below the issuer (the suite wants https, which it is where the issuer is)', () => {
    const names = Object.keys(op.metadata).filter((name) => /_(?:endpoint|uri|iframe)$/.test(name));

    expect(names).toEqual(
      expect.arrayContaining([
        'authorization_endpoint',
        'token_endpoint',
        'userinfo_endpoint',
        'jwks_uri',
        'end_session_endpoint',
      ]),
    );
    for (const name of names) expect(op.metadata[name]).toEqual(expect.stringMatching(`^${op.issuer}/`));
  });

  it('RFC 6749 §3.3, BCP 47: scopes and locales are well-formed, and no list holds anything twice', () => {
    for (const scope of list('scopes_supported')) expect(scope).toMatch(/^[\x21\x23-\x5B\x5D-\x7E]+$/);
    for (const name of ['ui_locales_supported', 'claims_locales_supported'])
      if (name in op.metadata) expect(() => Intl.getCanonicalLocales(list(name).map(String))).not.toThrow();
    for (const value of Object.values(op.metadata))
      if (Array.isArray(value)) {
        expect(new Set(value).size).toBe(value.length);
        expect(value.length).toBeGreaterThan(0);
      }
  });

  it('RFC 7517, RFC 7518 §6.3.2: keys have distinct ids and no private or symmetric part', async () => {
    const answer = await fetch(op.endpoint('jwks_uri'));
    const { keys } = Object(await answer.json());

    expect(answer.status).toBe(200);
    expect(keys.length).toBeGreaterThan(0);
    expect(new Set(keys.map(({ kid }: { kid: unknown }) => kid)).size).toBe(keys.length);
    for (const key of keys) {
      expect(key).toMatchObject({ kid: expect.any(String), use: 'sig', alg: expect.any(String) });
      expect(['RSA', 'EC', 'OKP']).toContain(key.kty);
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) expect(key).not.toHaveProperty(secret);
      for (const member of ['n', 'e', 'x', 'y']) if (member in key) expect(key[member]).toMatch(/^[A-Za-z0-9_-]+$/);
    }
  });

  it('every signing algorithm that is offered has a key', async () => {
    const { keys } = Object(await (await fetch(op.endpoint('jwks_uri'))).json());
    const published = new Set(keys.map(({ alg }: { alg: unknown }) => alg));

    const asymmetric = list('id_token_signing_alg_values_supported').filter((alg) => !String(alg).startsWith('HS'));

    for (const alg of asymmetric) expect(published).toContain(alg);
  });
});
