import { Auth, type AuthConfig } from '@auth/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestServer } from '../../support/server.ts';
import { alice, aProvider, secret, throughPages } from './a-provider.ts';

const app = 'http://127.0.0.1:4998';
let server: TestServer;

beforeAll(async () => {
  server = await aProvider();
}, 60_000);

afterAll(async () => {
  await server?.stop();
});

/** Auth.js is a function from requests to responses; this is a browser in front of it. */
function anAuthJsApp(clientId: string, readsUserInfo: boolean) {
  const config: AuthConfig = {
    basePath: '/auth',
    secret: 'only for this test',
    trustHost: true,
    logger: { error: (error) => expect(error).toBeUndefined(), warn: () => {}, debug: () => {} },
    providers: [
      {
        id: 'doorward',
        name: 'Doorward',
        type: 'oidc',
        issuer: server.issuer,
        clientId,
        clientSecret: secret,
        idToken: !readsUserInfo,
        checks: ['pkce', 'state', 'nonce'],
        authorization: { params: { scope: 'openid profile email' } },
        redirectProxyUrl: undefined,
      },
    ],
  };
  const cookies = new Map<string, string>();
  return async (path: string, form?: Record<string, string>): Promise<Response> => {
    const answer = await Auth(
      new Request(app + path, {
        method: form ? 'POST' : 'GET',
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(form ? { body: new URLSearchParams(form) } : {}),
      }),
      config,
    );
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return answer;
  };
}

describe('DESIGN §9: Auth.js signs in untouched', () => {
  it.each([
    ['claims from the ID token (claims_in_id_token)', 'reads-id-token', false],
    ['claims from userinfo', 'web', true],
  ])('%s', async (_how, clientId, readsUserInfo) => {
    const visit = anAuthJsApp(clientId, readsUserInfo);
    const { csrfToken } = await (await visit('/auth/csrf')).json();
    const begun = await visit('/auth/signin/doorward', { csrfToken, callbackUrl: `${app}/home` });

    const arrived = await throughPages(begun.headers.get('location') ?? '', `${app}/auth/callback/doorward`);
    const ended = await visit(arrived.pathname + arrived.search);

    expect(ended.headers.get('location')).toBe(`${app}/home`);
    const session = await (await visit('/auth/session')).json();
    expect(session.user).toMatchObject({ name: 'Alice Archer', email: alice.userName });
  });
});
