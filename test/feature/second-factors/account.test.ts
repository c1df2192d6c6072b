import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { User } from '../../../src/domain/users/user.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aPerson, password } from '../interaction/a-sign-in.ts';
import { aPersonWithTotp, codeNow, codeOn, forgetUses, giveTotp, seedOn } from './a-second-factor.ts';

const overview = '/account/second-factors';
const setUp = `${overview}/totp`;
let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

async function signedIn(user: User): Promise<WebVisitor> {
  const visitor = new WebVisitor(server);
  await visitor.signIn(await visitor.get('/account/sign-in'), user.userName, password);
  return visitor;
}

async function signedInByTwo(user: User): Promise<WebVisitor> {
  const visitor = new WebVisitor(server);
  const page = await visitor.signIn(await visitor.get('/account/sign-in'), user.userName, password);
  await visitor.submit(page, 'code', { code: codeNow() });
  await forgetUses(server, user.id);
  return visitor;
}

const codesOn = ({ html }: Page): string[] =>
  [...html.matchAll(/<code>([a-z2-9]{5}-[a-z2-9]{5})<\/code>/g)].map(([, code = '']) => code);

async function eventsOf(userId: string): Promise<string[]> {
  const sql = `SELECT concat_ws(' ', type, reason) AS event FROM audit_events WHERE target_id = $1`;
  const { rows } = await server.foundation.pool.query<{ event: string }>(sql, [userId]);
  return rows.map(({ event }) => event);
}

async function mailsFor(userId: string): Promise<unknown[]> {
  const { rows } = await server.foundation.pool.query<{ change: string }>(
    `SELECT payload->>'change' AS change FROM outbox_messages WHERE payload->>'kind' = 'second_factor_changed' AND payload->>'userId' = $1
     UNION ALL SELECT details->>'kind' FROM audit_events WHERE type LIKE 'mails.%' AND target_id = $1`,
    [userId],
  );
  return rows;
}

async function rowsOf(userId: string): Promise<{ apps: number; codes: number }> {
  const { rows } = await server.foundation.pool.query<{ apps: number; codes: number }>(
    `SELECT (SELECT count(*)::int FROM totp_credentials WHERE user_id = $1) AS apps,
       (SELECT count(*)::int FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL) AS codes`,
    [userId],
  );
  return rows[0] ?? { apps: -1, codes: -1 };
}

describe('setting up an authenticator app', () => {
  it('shows a picture and a key, takes a code of it, and shows ten recovery codes once', async () => {
    const user = await aPerson(server);
    const visitor = await signedIn(user);
    const offer = await visitor.get(setUp);

    const done = await visitor.submit(offer, 'code', { code: codeOn(offer) });
    const after = await visitor.get(overview);

    expect(offer.html).toMatch(/<svg class="qr-code" viewBox/);
    expect(seedOn(offer)).toHaveLength(20);
    expect(codesOn(done)).toHaveLength(10);
    expect(codesOn(after)).toEqual([]);
    expect(await rowsOf(user.id)).toEqual({ apps: 1, codes: 10 });
    expect(await eventsOf(user.id)).toEqual(
      expect.arrayContaining(['totp-credentials.created', 'recovery-codes.issued']),
    );
  });

  it('a wrong code keeps the same key and sets up nothing', async () => {
    const user = await aPerson(server);
    const visitor = await signedIn(user);
    const offer = await visitor.get(setUp);

    const again = await visitor.submit(offer, 'code', { code: 'abcdef' });

    expect(again.status).toBe(422);
    expect(seedOn(again)).toEqual(seedOn(offer));
    expect(await rowsOf(user.id)).toEqual({ apps: 0, codes: 0 });
    expect(await eventsOf(user.id)).toContain('totp-credentials.refused wrong_code');
  });

  it.each([
    ['offered to somebody else', true],
    ['made up', false],
  ])('a key that was %s is not taken', async (_, isOther) => {
    const visitor = await signedIn(await aPerson(server));
    const user = await aPerson(server);
    const own = await signedIn(user);
    const foreign = await visitor.get(setUp);
    const offer = await own.get(setUp);
    const planted = isOther ? (foreign.forms.find(({ hidden }) => hidden.offer)?.hidden.offer ?? '') : 'AAAA';

    const answer = await own.submit(offer, 'code', { offer: planted, code: codeOn(foreign) });

    expect(answer.status).toBe(422);
    expect(await rowsOf(user.id)).toEqual({ apps: 0, codes: 0 });
  });

  it('a form of another session is not taken', async () => {
    const user = await aPerson(server);
    const offer = await (await signedIn(user)).get(setUp);

    const answer = await (await signedIn(user)).submit(offer, 'code', { code: codeOn(offer) });

    expect(answer.status).toBe(422);
    expect(await rowsOf(user.id)).toEqual({ apps: 0, codes: 0 });
  });

  it('two tabs at once set up one', async () => {
    const user = await aPerson(server);
    const visitor = await signedIn(user);
    const offers = [await visitor.get(setUp), await visitor.get(setUp)];

    const ends = await Promise.all(offers.map((offer) => visitor.submit(offer, 'code', { code: codeOn(offer) })));

    expect(ends.filter((end) => codesOn(end).length === 10)).toHaveLength(1);
    expect(await rowsOf(user.id)).toEqual({ apps: 1, codes: 10 });
  });

  it('somebody who signed in a while ago signs in again first, and comes back', async () => {
    const user = await aPerson(server);
    const visitor = await signedIn(user);
    await server.foundation.pool.query(
      `UPDATE provider_records SET payload = jsonb_set(payload::jsonb, '{loginTs}', to_jsonb((payload::jsonb->>'loginTs')::int - 3600))::text
       WHERE model = 'Session' AND account_id = $1`,
      [user.id],
    );

    const page = await visitor.get(overview);
    const back = await visitor.signIn(page, user.userName, password);

    expect(titleOf(page)).toContain('Sign in');
    expect(titleOf(back)).toContain('Second step');
  });
});

describe('nothing weaker than the factor it replaces', () => {
  it('a session made by password alone neither sees nor removes the app: the code is asked for', async () => {
    const user = await aPerson(server);
    const visitor = await signedIn(user);
    const before = await visitor.get('/account');
    await giveTotp(server, user.id);

    const page = await visitor.get(overview);
    const posted = await visitor.post(`${setUp}/removal`, { 'current-password': password });
    const back = await visitor.submit(page, 'code', { code: codeNow() });

    expect(titleOf(before)).toContain('My account');
    expect([titleOf(page), titleOf(posted)].every((title) => title.includes('Enter your code'))).toBe(true);
    expect(titleOf(back)).toContain('Second step');
    expect(await rowsOf(user.id)).toEqual({ apps: 1, codes: 10 });
  });

  it('removing asks for the password; recovery codes end with it', async () => {
    const { user } = await aPersonWithTotp(server);
    const visitor = await signedInByTwo(user);
    const page = await visitor.get(overview);

    const wrong = await visitor.submit(page, 'current-password', { 'current-password': 'not that' });
    const stays = await rowsOf(user.id);
    const right = await visitor.submit(wrong, 'current-password', { 'current-password': password });

    expect(wrong.status).toBe(422);
    expect(stays.apps).toBe(1);
    expect(right.html).toContain('was removed');
    expect(await rowsOf(user.id)).toEqual({ apps: 0, codes: 0 });
    expect(await eventsOf(user.id)).toEqual(
      expect.arrayContaining(['totp-credentials.deleted', 'passwords.confirmation-refused wrong_password']),
    );
    expect(await mailsFor(user.id)).not.toEqual([]);
  });

  it('new recovery codes take the place of those before', async () => {
    const { user, recoveryCodes } = await aPersonWithTotp(server);
    const visitor = await signedInByTwo(user);
    const page = await visitor.get(overview);
    const form = page.forms.find(({ action }) => action.endsWith('/recovery-codes'));

    const shown = await visitor.post(`${overview}/recovery-codes`, { ...form?.hidden });

    expect(codesOn(shown)).toHaveLength(10);
    expect(codesOn(shown).filter((code) => recoveryCodes.includes(code))).toEqual([]);
    expect(await rowsOf(user.id)).toEqual({ apps: 1, codes: 10 });
  });

  it.each([`${setUp}/removal`, `${overview}/recovery-codes`])(
    '%s without the token of the page changes nothing',
    async (path) => {
      const { user, recoveryCodes } = await aPersonWithTotp(server);
      const visitor = await signedInByTwo(user);

      const answer = await visitor.post(path, { 'current-password': password });

      expect(answer.status).toBe(422);
      expect(recoveryCodes).toHaveLength(10);
      expect(await rowsOf(user.id)).toEqual({ apps: 1, codes: 10 });
    },
  );
});

it('STYLE 24: neither seeds nor recovery codes lie readable in any table', async () => {
  const user = await aPerson(server);
  const visitor = await signedIn(user);
  const offer = await visitor.get(setUp);
  const done = await visitor.submit(offer, 'code', { code: codeOn(offer) });
  const { rows } = await server.foundation.pool.query<{ text: string }>(
    `SELECT t::text AS text FROM totp_credentials t UNION ALL SELECT c::text FROM recovery_codes c
     UNION ALL SELECT p.payload FROM provider_records p UNION ALL SELECT e::text FROM audit_events e`,
  );

  const dump = rows.map(({ text }) => text).join('\n');
  for (const code of codesOn(done)) expect(dump).not.toContain(code);
  expect(dump).not.toContain(seedOn(offer).toString('hex'));
});
