import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aRequest, Browser, type Members, type Mode, type Run, run } from './a-flow.ts';
import { aProviderUnderTest, clients, type ProviderUnderTest, person } from './an-op.ts';

let op: ProviderUnderTest;

beforeAll(async () => {
  op = await aProviderUnderTest();
}, 60_000);

afterAll(async () => {
  await op?.server.stop();
});

const text = expect.any(String);

/** OpenID Connect Core §5.1 and §5.4: each claim of a scope, of its type. */
const claimsOf: Readonly<Record<string, Members>> = {
  profile: {
    name: 'Wanda Widget',
    given_name: 'Wanda',
    middle_name: 'Q.',
    family_name: 'Widget',
    nickname: 'Wan',
    preferred_username: person.userName,
    profile: 'https://people.example/wanda',
    picture: 'https://people.example/wanda.png',
    website: 'https://wanda.example/',
    gender: 'female',
    birthdate: '1987-02-28',
    zoneinfo: 'Europe/Vienna',
    locale: 'de-AT',
    updated_at: expect.any(Number),
  },
  email: { email: 'wanda@example.com', email_verified: true },
  phone: { phone_number: text, phone_number_verified: true },
  address: {
    address: {
      formatted: text,
      street_address: 'Ring 1',
      locality: 'Wien',
      region: 'Wien',
      postal_code: '1010',
      country: 'AT',
    },
  },
};

const plans: readonly (readonly [string, Mode])[] = [
  ['oidcc-basic-certification-test-plan', 'default'],
  ['oidcc-formpost-basic-certification-test-plan', 'form_post'],
];

describe.each(plans)('%s', (_plan, mode) => {
  const start = (more = {}): Promise<Run> =>
    run(op, new Browser(op), clients.first, aRequest(clients.first, mode, more));

  it.each([
    ['oidcc-userinfo-get', (token: string) => ({ headers: { authorization: `Bearer ${token}` } })],
    [
      'oidcc-userinfo-post-header',
      (token: string) => ({ method: 'POST', headers: { authorization: `Bearer ${token}` } }),
    ],
    [
      'oidcc-userinfo-post-body',
      (token: string) => ({ method: 'POST', body: new URLSearchParams({ access_token: token }) }),
    ],
  ])('%s', async (_module, howToAsk) => {
    const { tokens, idToken } = await start();

    const answer = await fetch(op.endpoint('userinfo_endpoint'), howToAsk(tokens.access_token));

    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ sub: idToken.sub });
  });

  it.each(Object.entries(claimsOf))('oidcc-scope-%s', async (scope, claims) => {
    const { tokens, idToken, userInfo } = await start({ scope: `openid ${scope}` });

    expect(op.metadata.scopes_supported).toContain(scope);
    expect(tokens.scope).toBe(`openid ${scope}`);
    expect(userInfo).toEqual({ sub: idToken.sub, ...claims });
    for (const name of Object.keys(claims)) expect(idToken).not.toHaveProperty(name);
  });

  it.each([
    ['oidcc-scope-all', 'openid address email phone profile'],
    ['oidcc-ensure-other-scope-order-succeeds', 'email openid'],
  ])('%s', async (_module, scope) => {
    const { idToken, userInfo } = await start({ scope });

    const expected = scope.split(' ').map((name) => claimsOf[name] ?? {});
    expect(userInfo).toEqual(Object.assign({ sub: idToken.sub }, ...expected));
  });

  it('oidcc-scope-*: birthdate and updated_at are of the form that OIDC Core §5.1 gives them', async () => {
    const { userInfo } = await start({ scope: 'openid profile' });

    expect(userInfo.birthdate).toMatch(/^(?:\d{4}|0000)(?:-\d\d-\d\d)?$/);
    const seconds = Number(userInfo.updated_at);
    expect(Number.isInteger(seconds)).toBe(true);
    expect(seconds).toBeLessThan(Date.now() / 100);
  });

  it('oidcc-claims-essential: `name` comes from userinfo without its scope, and stays out of the ID token', async () => {
    const claims = JSON.stringify({ userinfo: { name: { essential: true } } });

    const { idToken, userInfo } = await start({ claims });

    expect(userInfo).toEqual({ sub: idToken.sub, name: 'Wanda Widget' });
    expect(idToken).not.toHaveProperty('name');
    expect(op.metadata.claims_parameter_supported).toBe(true);
  });

  it('OIDC Core §5.5: a claim that is asked for in the ID token is there, and one not known is no error', async () => {
    const claims = JSON.stringify({ id_token: { email: null, nobody_knows: { essential: true } } });

    const { idToken, userInfo } = await start({ claims });

    expect(idToken.email).toBe('wanda@example.com');
    expect(userInfo).toEqual({ sub: idToken.sub });
  });
});
