import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as oauth from 'oauth4webapi';
import * as oidc from 'openid-client';
import { aProvider, type TestProvider } from '../../../support/provider.ts';
import { TestBrowser } from '../../../support/provider-browser.ts';
import { addClient, addResourceServer, addUser, allow } from '../../../support/provider-seed.ts';

const API = 'https://api.example';
const CALLBACK = 'https://rp.example/callback';
const insecure = { [oauth.allowInsecureRequests]: true } as const;
let idp: TestProvider;
let alice: string;

beforeAll(async () => {
  idp = await aProvider();
  await addResourceServer(idp, { identifier: API, format: 'jwt', permissions: ['orders:read'] });
  await addClient(idp, { clientId: 'web', secret: 'web-secret' });
  await addClient(idp, { clientId: 'spa', metadata: { dpop_bound_access_tokens: true } });
  await addClient(idp, {
    clientId: 'pushing',
    secret: 'a-secret',
    metadata: { require_pushed_authorization_requests: true },
  });
  await addClient(idp, { clientId: 'jarm', secret: 'a-secret' });
  alice = await addUser(idp, { userName: 'alice', email: 'alice@example.com', emailVerified: true });
  await allow(idp, { subject: { userId: alice }, resource: API, values: ['orders:read'] });
});

afterAll(() => idp.end());

const signIn = async (url: URL): Promise<URL> => {
  const { location } = await new TestBrowser(idp).follow(url.href, { accountId: alice, decision: 'approve' });
  return new URL(location ?? 'about:blank');
};

describe('openid-client', () => {
  const discover = (clientId: string, secret?: string) =>
    oidc.discovery(new URL(idp.issuer), clientId, secret, secret === undefined ? oidc.None() : undefined, {
      execute: [oidc.allowInsecureRequests],
    });

  it('code + PKCE, userinfo, refresh, introspection, revocation, all checked by the library', async () => {
    const config = await discover('web', 'web-secret');
    const verifier = oidc.randomPKCECodeVerifier();
    const nonce = oidc.randomNonce();
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: 'openid profile email offline_access',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      nonce,
    });

    const tokens = await oidc.authorizationCodeGrant(config, await signIn(url), {
      pkceCodeVerifier: verifier,
      expectedNonce: nonce,
    });

    const sub = tokens.claims()?.sub ?? '';
    expect(sub).toBe(alice);
    expect(await oidc.fetchUserInfo(config, tokens.access_token, sub)).toMatchObject({
      email: 'alice@example.com',
      email_verified: true,
    });
    const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(await oidc.tokenIntrospection(config, refreshed.access_token)).toMatchObject({ active: true, sub: alice });
    await oidc.tokenRevocation(config, refreshed.refresh_token ?? '');
    expect(await oidc.tokenIntrospection(config, refreshed.access_token)).toEqual({ active: false });
  });

  it('RFC 9126: a client that must push its requests does, and a plain request of it is refused', async () => {
    const config = await discover('pushing', 'a-secret');
    const verifier = oidc.randomPKCECodeVerifier();
    const parameters = {
      redirect_uri: CALLBACK,
      scope: 'openid',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    };
    const pushed = await oidc.buildAuthorizationUrlWithPAR(config, parameters);

    const callback = await signIn(pushed);
    const tokens = await oidc.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier });

    expect(tokens.access_token).toEqual(expect.any(String));
    expect((await signIn(oidc.buildAuthorizationUrl(config, parameters))).searchParams.get('error')).toBe(
      'invalid_request',
    );
    expect((await signIn(pushed)).searchParams.has('code')).toBe(false);
  });

  it('JARM: the authorization response comes as a signed JWT', async () => {
    const config = await discover('jarm', 'a-secret');
    const verifier = oidc.randomPKCECodeVerifier();
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: 'openid',
      response_mode: 'jwt',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    oidc.useJwtResponseMode(config);

    const tokens = await oidc.authorizationCodeGrant(config, await signIn(url), { pkceCodeVerifier: verifier });

    expect(tokens.claims()?.sub).toBe(alice);
  });
});

describe('oauth4webapi', () => {
  it('RFC 9449: DPoP-bound tokens need their key at token endpoint, refresh and userinfo', async () => {
    const issuer = new URL(idp.issuer);
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
    const client: oauth.Client = { client_id: 'spa' };
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
    const verifier = oauth.generateRandomCodeVerifier();
    const url = new URL(as.authorization_endpoint ?? '');
    url.search = new URLSearchParams({
      client_id: 'spa',
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString();
    const parameters = oauth.validateAuthResponse(as, client, await signIn(url), oauth.skipStateCheck);

    const answer = await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), parameters, CALLBACK, verifier, {
      DPoP,
      ...insecure,
    });
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer);

    expect(tokens.token_type).toBe('dpop');
    const userinfo = await oauth.userInfoRequest(as, client, tokens.access_token, { DPoP, ...insecure });
    expect(await oauth.processUserInfoResponse(as, client, alice, userinfo)).toMatchObject({ sub: alice });
    const asBearer = await fetch(as.userinfo_endpoint ?? '', {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(asBearer.status).toBe(401);
    const stranger = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
    const stolen = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), tokens.refresh_token ?? '', {
      DPoP: stranger,
      ...insecure,
    });
    expect(await stolen.json()).toMatchObject({ error: 'invalid_grant' });
    const refreshed = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), tokens.refresh_token ?? '', {
      DPoP,
      ...insecure,
    });
    expect(refreshed.status).toBe(200);
  });

  it('RFC 9068: a resource server checks a JWT access token with the published keys', async () => {
    const issuer = new URL(idp.issuer);
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
    const verifier = oauth.generateRandomCodeVerifier();
    const client: oauth.Client = { client_id: 'web' };
    const url = new URL(as.authorization_endpoint ?? '');
    url.search = new URLSearchParams({
      ...{ client_id: 'web', redirect_uri: CALLBACK, response_type: 'code', scope: 'orders:read', resource: API },
      ...{ code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
    }).toString();
    const parameters = oauth.validateAuthResponse(as, client, await signIn(url), oauth.skipStateCheck);
    const authentication = oauth.ClientSecretBasic('web-secret');
    const answer = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      authentication,
      parameters,
      CALLBACK,
      verifier,
      insecure,
    );
    const { access_token: token } = await oauth.processAuthorizationCodeResponse(as, client, answer);
    const request = new Request(API, { headers: { authorization: `Bearer ${token}` } });

    const claims = await oauth.validateJwtAccessToken(as, request, API, insecure);

    expect(claims).toMatchObject({ sub: alice, client_id: 'web', scope: 'orders:read', permissions: ['orders:read'] });
  });
});
