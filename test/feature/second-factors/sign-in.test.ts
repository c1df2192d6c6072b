import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acr } from '../../../src/domain/authentication/next-factor.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, callback, password, type TestClient } from '../interaction/a-sign-in.ts';
import { aPersonWithTotp, codeNow, giveTotp, wrongCode } from './a-second-factor.ts';

let server: RunningServer;
let app: TestClient;

beforeAll(async () => {
  server = await startServer();
  app = await aClient(server, { firstParty: true });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

const claimsOfAcr = (value: string) => JSON.stringify({ id_token: { acr: { essential: true, value } } });

/** Implicit is off: the session says how somebody signed in. */
async function sessionOf(userId: string): Promise<{ acr: string; amr: string[] } | undefined> {
  const { rows } = await server.foundation.pool.query<{ payload: { acr: string; amr: string[] } }>(
    `SELECT payload::jsonb AS payload FROM provider_records
     WHERE model = 'Session' AND account_id = $1 AND ended_at IS NULL ORDER BY created_at DESC LIMIT 1`,
    [userId],
  );
  return rows[0]?.payload;
}

async function atCode(userName: string, more = {}): Promise<{ visitor: WebVisitor; page: Page }> {
  const visitor = new WebVisitor(server);
  const page = await visitor.signIn(await visitor.get(authorizeUrl(server, app, more)), userName, password);
  return { visitor, page };
}

async function eventsOf(userId: string): Promise<string[]> {
  const { rows } = await server.foundation.pool.query<{ event: string }>(
    `SELECT concat_ws(' ', type, reason) AS event FROM audit_events WHERE target_id = $1`,
    [userId],
  );
  return rows.map(({ event }) => event);
}

describe('somebody with an authenticator app', () => {
  it('is asked for a code after the password, and nobody is signed in before it', async () => {
    const { user } = await aPersonWithTotp(server);

    const { visitor, page } = await atCode(user.userName);

    expect(titleOf(page)).toContain('Enter your code');
    expect(page.html).toContain('autocomplete="one-time-code"');
    expect(await sessionOf(user.id)).toBeUndefined();
    expect(visitor.cookie('doorward_device')).toBeUndefined();
    expect(titleOf(await visitor.get('/account'))).not.toContain('My account');
  });

  it('RFC 8176: signs in with amr pwd, otp, mfa and the acr of two factors', async () => {
    const { user } = await aPersonWithTotp(server);
    const { visitor, page } = await atCode(user.userName);

    const end = await visitor.submit(page, 'code', { code: codeNow() });

    expect(callback(end.url).code).toBeDefined();
    expect(await sessionOf(user.id)).toMatchObject({ acr: acr.twoFactors, amr: ['pwd', 'otp', 'mfa'] });
    expect(await eventsOf(user.id)).toEqual(
      expect.arrayContaining(['factors.verified', 'sign-ins.succeeded', 'totp-credentials.created']),
    );
  });

  it.each([
    ['a wrong code', wrongCode],
    ['nothing', () => ''],
    ['a code of two steps ago', () => codeNow(-2)],
    ['a password', () => password],
    ['a very long code', () => '1'.repeat(5000)],
  ])('%s signs nobody in, and is asked again', async (_, code) => {
    const { user } = await aPersonWithTotp(server);
    const { visitor, page } = await atCode(user.userName);

    const answer = await visitor.submit(page, 'code', { code: code() });

    expect(answer.status).toBe(422);
    expect(titleOf(answer)).toContain('Error: Enter your code');
    expect(await sessionOf(user.id)).toBeUndefined();
  });

  it('SECURITY-LESSONS 22: a code that was used, and one before it, is refused in another sign-in', async () => {
    const { user } = await aPersonWithTotp(server);
    const first = await atCode(user.userName);
    const code = codeNow();
    await first.visitor.submit(first.page, 'code', { code });
    const second = await atCode(user.userName);

    const again = await second.visitor.submit(second.page, 'code', { code });
    const before = await second.visitor.submit(again, 'code', { code: codeNow(-1) });

    expect([again.status, before.status]).toEqual([422, 422]);
    expect(await eventsOf(user.id)).toContain('sign-ins.refused used_code');
  });

  it('SECURITY-LESSONS 22: guesses are counted by person, across sign-ins and browsers', async () => {
    const { user } = await aPersonWithTotp(server);
    const statuses: number[] = [];
    for (let guess = 0; guess < 8; guess += 1) {
      const { visitor, page } = await atCode(user.userName);
      statuses.push((await visitor.submit(page, 'code', { code: wrongCode() })).status);
    }
    const { visitor, page } = await atCode(user.userName);

    const right = await visitor.submit(page, 'code', { code: codeNow() });

    expect(statuses.filter((status) => status === 422).length).toBeLessThanOrEqual(6);
    expect(right.status).toBe(429);
    expect(right.headers.get('Retry-After')).toMatch(/^\d+$/);
  });

  it('SECURITY-LESSONS 10, 22: of many uses of one code at once, in many browsers, exactly one signs in', async () => {
    const { user } = await aPersonWithTotp(server);
    const pages = await Promise.all(Array.from({ length: 5 }, () => atCode(user.userName)));
    const code = codeNow();

    const ends = await Promise.all(pages.map(({ visitor, page }) => visitor.submit(page, 'code', { code })));

    expect(ends.filter(({ url }) => callback(url).code !== undefined)).toHaveLength(1);
  });

  it('a new password while the code is asked for ends the sign-in', async () => {
    const { user } = await aPersonWithTotp(server);
    const { visitor, page } = await atCode(user.userName);
    await server.foundation.pool.query(
      `UPDATE password_credentials SET changed_at = changed_at + interval '1 second' WHERE user_id = $1`,
      [user.id],
    );

    const answer = await visitor.submit(page, 'code', { code: codeNow() });

    expect(callback(answer.url).code).toBeUndefined();
    expect(await sessionOf(user.id)).toBeUndefined();
  });

  it('a first factor is worth nothing in another browser, even with its interaction', async () => {
    const { user } = await aPersonWithTotp(server);
    const { visitor, page } = await atCode(user.userName);
    const path = new URL(page.url).pathname;
    const thief = new WebVisitor(server);
    for (const name of ['doorward_interaction', 'doorward_interaction.sig'])
      thief.plant(name, visitor.cookie(name, path) ?? '', path);

    const shown = await thief.get(path);
    const posted = await thief.post(`${path}/code`, { ...page.forms[0]?.hidden, code: codeNow() });

    expect(titleOf(shown)).toContain('Sign in');
    expect(titleOf(posted)).toContain('Sign in');
    expect(await sessionOf(user.id)).toBeUndefined();
  });

  it('the address at which a sign-in goes on begins anew without the code', async () => {
    const { user } = await aPersonWithTotp(server);
    const { visitor, page } = await atCode(user.userName);

    const answer = await visitor.get(new URL(page.url).pathname.replace('/interaction/', '/authorize/'));

    expect(titleOf(answer)).toContain('Sign in');
    expect(await sessionOf(user.id)).toBeUndefined();
  });
});

describe('recovery codes', () => {
  it('one stands in for the authenticator app, once', async () => {
    const { user, recoveryCodes } = await aPersonWithTotp(server);
    const [code = ''] = recoveryCodes;
    const use = async () => {
      const { visitor, page } = await atCode(user.userName);
      const other = await visitor.get(`${new URL(page.url).pathname}/recovery-code`);
      return visitor.submit(other, 'code', { code: ` ${code.toUpperCase().replace('-', ' ')}` });
    };

    const first = await use();
    const second = await use();

    expect(callback(first.url).code).toBeDefined();
    expect(second.status).toBe(422);
    expect(await eventsOf(user.id)).toEqual(
      expect.arrayContaining(['recovery-codes.used', 'sign-ins.refused used_code']),
    );
  });

  it('SECURITY-LESSONS 10: of many uses of one at once exactly one signs in', async () => {
    const { user, recoveryCodes } = await aPersonWithTotp(server);
    const [code = ''] = recoveryCodes;
    const pages = await Promise.all(Array.from({ length: 5 }, () => atCode(user.userName)));

    const ends = await Promise.all(
      pages.map(({ visitor, page }) =>
        visitor.post(`${new URL(page.url).pathname}/recovery-code`, { ...page.forms[0]?.hidden, code }),
      ),
    );

    expect(ends.filter(({ url }) => callback(url).code !== undefined)).toHaveLength(1);
  });

  it('nobody uses those of somebody else', async () => {
    const { recoveryCodes } = await aPersonWithTotp(server);
    const { user } = await aPersonWithTotp(server);
    const { visitor, page } = await atCode(user.userName);

    const answer = await visitor.post(`${new URL(page.url).pathname}/recovery-code`, {
      ...page.forms[0]?.hidden,
      code: recoveryCodes[0] ?? '',
    });

    expect(answer.status).toBe(422);
  });
});

describe('assurance (RFC 9470, OpenID Connect Core §5.5.1.1)', () => {
  it('discovery names both classes', async () => {
    const answer = await fetch(`${server.origin}/.well-known/openid-configuration`);

    expect(await answer.json()).toMatchObject({ acr_values_supported: Object.values(acr) });
  });

  it.each([
    ['acr_values', { acr_values: acr.twoFactors }],
    ['an essential acr', { claims: claimsOfAcr(acr.twoFactors) }],
  ])('%s asks a session made by password only for what is missing', async (_, more) => {
    const user = await aPerson(server);
    const visitor = new WebVisitor(server);
    await visitor.signIn(await visitor.get(authorizeUrl(server, app)), user.userName, password);
    await giveTotp(server, user.id);

    const page = await visitor.get(authorizeUrl(server, app, more));
    const end = await visitor.submit(page, 'code', { code: codeNow() });

    expect(titleOf(page)).toContain('Enter your code');
    expect(callback(end.url).code).toBeDefined();
    expect(await sessionOf(user.id)).toMatchObject({ acr: acr.twoFactors, amr: ['pwd', 'otp', 'mfa'] });
  });

  it('who has no second factor does not reach it by password: the application is told', async () => {
    const user = await aPerson(server);
    const { page } = await atCode(user.userName, { claims: claimsOfAcr(acr.twoFactors) });

    expect(callback(page.url)).toMatchObject({ error: 'access_denied' });
  });

  it('an essential acr of a password is reached by more than a password, and named', async () => {
    const { user } = await aPersonWithTotp(server);
    const { visitor, page } = await atCode(user.userName, { claims: claimsOfAcr(acr.password) });
    const end = await visitor.submit(page, 'code', { code: codeNow() });

    expect(callback(end.url).code).toBeDefined();
  });
});
