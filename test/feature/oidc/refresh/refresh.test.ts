import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aProvider, type TestProvider } from '../../../support/provider.ts';
import { basic, obtainCode, post, redeem, type TokenAnswer } from '../../../support/provider-browser.ts';
import { addClient, addUser } from '../../../support/provider-seed.ts';

const web = basic('web', 'web-secret');
let idp: TestProvider;
let alice: string;

beforeAll(async () => {
  idp = await aProvider();
  await addClient(idp, { clientId: 'web', secret: 'web-secret' });
  await addClient(idp, { clientId: 'other', secret: 'other-secret' });
  alice = await addUser(idp, { userName: 'alice' });
});

afterAll(() => idp.end());

const refresh = (token: unknown, on = idp, authorization = web): Promise<TokenAnswer> =>
  post(on, '/token', { grant_type: 'refresh_token', refresh_token: String(token) }, { authorization });

const introspect = (token: unknown) => post(idp, '/introspect', { token: String(token) }, { authorization: web });

async function tokens(scope = 'openid offline_access'): Promise<Record<string, unknown>> {
  const signedIn = await obtainCode(idp, { clientId: 'web', scope }, { accountId: alice });
  return (await redeem(idp, signedIn, web)).body;
}

/** As if so many seconds had gone by since every refresh token was used. */
const letPass = (seconds: number) =>
  idp.pool.query(
    `UPDATE provider_records SET consumed_at = consumed_at - make_interval(secs => $1) WHERE model = 'RefreshToken'`,
    [seconds],
  );

describe('rotation', () => {
  it('RFC 9700 §4.14.2: each use gives a new refresh token, and an access token that works', async () => {
    const first = await tokens();

    const second = await refresh(first.refresh_token);

    expect(second.status).toBe(200);
    expect(second.body.refresh_token).not.toBe(first.refresh_token);
    const third = await refresh(second.body.refresh_token);
    expect(third.status).toBe(200);
    const userinfo = await fetch(`${idp.issuer}/userinfo`, {
      headers: { authorization: `Bearer ${third.body.access_token}` },
    });
    expect(userinfo.status).toBe(200);
  });

  it('a lost answer: within the grace the same client gets the same successor while nobody used it', async () => {
    const first = await tokens();
    const second = await refresh(first.refresh_token);

    const again = await refresh(first.refresh_token);

    expect(again.status).toBe(200);
    expect(again.body.refresh_token).toBe(second.body.refresh_token);
    expect(again.body.access_token).not.toBe(second.body.access_token);
    expect((await refresh(second.body.refresh_token)).status).toBe(200);
  });

  it('once the successor was used, the predecessor ends the whole grant', async () => {
    const first = await tokens();
    const second = await refresh(first.refresh_token);
    const third = await refresh(second.body.refresh_token);

    const reuse = await refresh(first.refresh_token);

    expect([reuse.status, reuse.body.error]).toEqual([400, 'invalid_grant']);
    expect((await refresh(third.body.refresh_token)).body.error).toBe('invalid_grant');
    expect((await introspect(third.body.access_token)).body).toEqual({ active: false });
    const { rows } = await idp.pool.query(`SELECT 1 FROM audit_events WHERE type = 'grants.revoked-by-reuse'`);
    expect(rows.length).toBeGreaterThan(0);
  });

  it('after the grace a second presentation ends the whole grant', async () => {
    const first = await tokens();
    const second = await refresh(first.refresh_token);
    await letPass(11);

    const late = await refresh(first.refresh_token);

    expect(late.body.error).toBe('invalid_grant');
    expect((await refresh(second.body.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('a used token whose row is long gone still ends the grant', async () => {
    const first = await tokens();
    const second = await refresh(first.refresh_token);
    await idp.pool.query(`DELETE FROM provider_records WHERE model = 'RefreshToken' AND consumed_at IS NOT NULL`);

    const byAnother = await refresh(first.refresh_token, idp, basic('other', 'other-secret'));
    const third = await refresh(second.body.refresh_token);
    const reuse = await refresh(first.refresh_token);

    expect([byAnother.body.error, third.status, reuse.body.error]).toEqual(['invalid_grant', 200, 'invalid_grant']);
    expect((await refresh(third.body.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('another client with the token in hand gets nothing, and does not end the grant', async () => {
    const first = await tokens();

    const stolen = await refresh(first.refresh_token, idp, basic('other', 'other-secret'));

    expect(stolen.body.error).toBe('invalid_grant');
    expect((await refresh(first.refresh_token)).status).toBe(200);
  });

  it('a rotated token is not active to introspection, even within the grace', async () => {
    const first = await tokens();
    await refresh(first.refresh_token);

    expect((await introspect(first.refresh_token)).body).toEqual({ active: false });
  });
});

describe('parallel presentation over two processes (SECURITY-LESSONS 10)', () => {
  it('with the grace on there is exactly one distinct live successor', async () => {
    const besides = await aProvider({ besides: idp });
    const { refresh_token: token } = await tokens();

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => refresh(token, index % 2 === 0 ? idp : besides)),
    );

    const granted = answers.filter(({ status }) => status === 200);
    expect(granted.length).toBeGreaterThan(0);
    expect(new Set(granted.map(({ body }) => body.refresh_token)).size).toBe(1);
    expect((await refresh(granted[0]?.body.refresh_token)).status).toBe(200);
    await besides.end();
  });

  it('without grace it succeeds exactly once, and the grant is gone', async () => {
    const strict = await aProvider({ besides: idp, refreshTokenGraceSeconds: 0 });
    const stricter = await aProvider({ besides: idp, refreshTokenGraceSeconds: 0 });
    const { refresh_token: token } = await tokens();

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => refresh(token, index % 2 === 0 ? strict : stricter)),
    );

    const granted = answers.filter(({ status }) => status === 200);
    expect(granted).toHaveLength(1);
    expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(49);
    expect((await refresh(granted[0]?.body.refresh_token, strict)).body.error).toBe('invalid_grant');
    await Promise.all([strict.end(), stricter.end()]);
  });
});

describe('sessions', () => {
  it('OIDC Core §11: a first-party client keeps offline_access without prompt=consent', async () => {
    expect((await tokens('openid offline_access')).scope).toContain('offline_access');
  });

  it('without offline_access the refresh token ends with the session', async () => {
    const { refresh_token: token } = await tokens('openid');
    await idp.pool.query(`UPDATE provider_records SET ended_at = now() WHERE model = 'Session'`);

    expect((await refresh(token)).body.error).toBe('invalid_grant');
  });
});
