import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import {
  aRequest,
  Browser,
  callToken,
  callUserInfo,
  checkIdToken,
  codeOf,
  type Mode,
  type Run,
  run,
  tokensOf,
} from './a-flow.ts';
import { aProviderUnderTest, clients, type ProviderUnderTest, type StaticClient } from './an-op.ts';

let op: ProviderUnderTest;

beforeAll(async () => {
  op = await aProviderUnderTest();
}, 60_000);

afterAll(async () => {
  await op?.server.stop();
});

const plans: readonly (readonly [string, Mode])[] = [
  ['oidcc-basic-certification-test-plan', 'default'],
  ['oidcc-formpost-basic-certification-test-plan', 'form_post'],
];

describe.each(plans)('%s', (_plan, mode) => {
  const start = (client: StaticClient, more = {}): Promise<Run> =>
    run(op, new Browser(op), client, aRequest(client, mode, more));

  it('oidcc-server', async () => {
    const { arrival, tokens, idToken } = await start(clients.first);

    expect(arrival.pages[0]).toBe('login');
    expect(tokens.scope).toBe('openid');
    expect(Object.keys(idToken)).not.toContain('name');
    expect(idToken.sid).toEqual(expect.any(String));
  });

  it('oidcc-server-client-secret-post', async () => {
    await start(clients.post);
  });

  it('oidcc-idtoken-signature, -kid: the header names a published key of that algorithm', async () => {
    const { tokens } = await start(clients.first);

    const header = decodeProtectedHeader(tokens.id_token);
    const { keys } = Object(await (await fetch(op.endpoint('jwks_uri'))).json());
    expect(keys).toContainEqual(expect.objectContaining({ kid: header.kid, kty: 'RSA', alg: header.alg, use: 'sig' }));
  });

  it('oidcc-idtoken-unsigned: skipped, because `none` is not offered', () => {
    expect(op.metadata.id_token_signing_alg_values_supported).not.toContain('none');
  });

  it.each([
    ['oidcc-codereuse', false],
    ['oidcc-codereuse-30seconds: the first access token is revoked (RFC 6749 §4.1.2)', true],
  ])('%s', async (_module, asksAgain) => {
    const request = aRequest(clients.first, mode);
    const { code, tokens } = await run(op, new Browser(op), clients.first, request);

    const form = { grant_type: 'authorization_code', code, redirect_uri: request.redirect_uri };
    const { status, body } = await callToken(op, clients.first, form);

    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_grant' });
    if (asksAgain) expect((await callUserInfo(op, tokens.access_token)).status).toBe(401);
  });

  it('oidcc-refresh-token: bound to the client, new tokens for the same person', async () => {
    for (const client of [clients.first, clients.second]) {
      const other = client === clients.first ? clients.second : clients.first;
      const { tokens, idToken } = await start(client);
      expect(tokens.refresh_token).toMatch(/^[\x20-\x7E]{32,}$/);
      const form = { grant_type: 'refresh_token', refresh_token: String(tokens.refresh_token) };

      // The suite names the scope in the first client's request only.
      const scope = client === clients.first ? 'openid' : undefined;
      const refreshed = tokensOf(await callToken(op, client, { ...form, scope }));
      const later = await checkIdToken(op, refreshed, { client_id: client.id, nonce: idToken.nonce as string });

      expect(refreshed.access_token).not.toBe(tokens.access_token);
      expect(later).toMatchObject({ iss: op.issuer, sub: idToken.sub, aud: idToken.aud });
      expect(later.iat).toBeGreaterThanOrEqual(idToken.iat);
      expect(later.auth_time).toBe(idToken.auth_time);
      expect((await callUserInfo(op, refreshed.access_token)).status).toBe(200);
      const stolen = await callToken(op, other, { ...form, refresh_token: String(refreshed.refresh_token) });
      expect({ status: stolen.status, error: stolen.body.error }).toEqual({ status: 400, error: 'invalid_grant' });
    }
    expect(op.metadata.grant_types_supported).toContain('refresh_token');
  });

  it('oidcc-refresh-token with offline_access and prompt=consent', async () => {
    const { arrival, tokens } = await start(clients.first, { scope: 'openid offline_access', prompt: 'consent' });

    expect(arrival.pages).toContain('consent');
    expect(tokens.refresh_token).toEqual(expect.any(String));
  });

  it('oidcc-ensure-request-with-valid-pkce-succeeds, with every character that RFC 7636 §4.1 allows', async () => {
    const verifier = `-._~${randomBytes(40).toString('base64url')}`;
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const request = aRequest(clients.first, mode, { code_challenge: challenge, code_challenge_method: 'S256' });

    await run(op, new Browser(op), clients.first, request, { verifier });

    const arrival = await new Browser(op).authorize(request);
    const form = { grant_type: 'authorization_code', redirect_uri: request.redirect_uri };
    const wrong = { ...form, code: codeOf(op, arrival, request), code_verifier: `${verifier}x` };
    expect((await callToken(op, clients.first, wrong)).body.error).toBe('invalid_grant');
    expect(op.metadata.code_challenge_methods_supported).toContain('S256');
  });
});
