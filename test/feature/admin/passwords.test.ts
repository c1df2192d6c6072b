import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureBuiltIns } from '../../../src/domain/access/ensure-built-ins.ts';
import { issueSetPasswordLink } from '../../../src/domain/credentials/one-time-links.ts';
import { findPasswordHash } from '../../../src/domain/credentials/password-credential.ts';
import { findLink } from '../../../src/domain/credentials/redeem-link.ts';
import { redeemSetPasswordLink } from '../../../src/domain/lifecycle/redeem-set-password-link.ts';
import { aPeopleApi, faults, operator, type PeopleApi } from './people-api.ts';

let api: PeopleApi;

beforeAll(async () => {
  api = await aPeopleApi();
});

afterAll(() => api.close());

const password = 'nine herons mend the fence';
const redeem = async (token: string, text = password) => {
  const hash = await api.hashing.hashPassword(text);
  return api.transact(operator, (tx) => redeemSetPasswordLink(tx, { token, hash }));
};
const opens = async (userId: string, text = password) =>
  (await api.hashing.verifyPassword(await findPasswordHash(api.read, userId), text)).matches;
const tokenIn = (link: unknown) => new URL(String(link)).searchParams.get('token') ?? '';

describe('POST /users/:id/set-password-link', () => {
  it('shows the link once and keeps no more than the SHA-256 of its token of 32 random bytes', async () => {
    const id = await api.aUser();

    const reply = await api.call('POST', `/users/${id}/set-password-link`);

    const token = tokenIn(reply.body.link);
    expect(reply.status).toBe(201);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(reply.body.expiresAt).toBe(new Date(api.clock.now().getTime() + 86_400_000).toISOString());
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const dump = JSON.stringify([
      await api.read.query(`SELECT *, encode(token_hash, 'base64') AS text FROM one_time_links WHERE user_id = $1`, [
        id,
      ]),
      await api.read.query('SELECT * FROM audit_events WHERE target_id = $1', [id]),
    ]);
    expect(dump).not.toContain(token);
    expect((await api.auditOf(reply)).map((event) => event.type)).toEqual(['set-password-links.issued']);
  });

  it('looking at the link does not use it up; using it does, once, and ends what was open before', async () => {
    const id = await api.aUser({ password: 'the password before' });
    await api.dataSource.query(
      `INSERT INTO provider_records (id, model, payload, account_id) VALUES ('\\x01', 'RefreshToken', '{}', $1)`,
      [id],
    );
    const token = tokenIn((await api.call('POST', `/users/${id}/set-password-link`)).body.link);
    const look = () => findLink(api.read, { token, purpose: 'set_password', now: api.clock.now() });
    expect([await look(), await look()]).toMatchObject([{ userId: id }, { userId: id }]);

    const first = await redeem(token);
    const second = await redeem(token, 'another password entirely');

    expect([first, second]).toEqual([
      { outcome: 'redeemed', userId: id, addressKey: null },
      { outcome: 'refused', reason: 'used' },
    ]);
    expect([await opens(id), await opens(id, 'another password entirely'), await look()]).toEqual([
      true,
      false,
      undefined,
    ]);
    expect(await api.read.query('SELECT 1 FROM provider_records WHERE account_id = $1', [id])).toEqual([]);
    const user = await api.call('GET', `/users/${id}`);
    expect(user.body).toMatchObject({ accessValidFrom: api.clock.now().toISOString() });
  });

  it('SECURITY-LESSONS 10: of fifty redemptions at once exactly one succeeds', async () => {
    const id = await api.aUser();
    const { token } = await api.transact(operator, (tx) => issueSetPasswordLink(tx, { userId: id }));

    const outcomes = await Promise.all(Array.from({ length: 50 }, () => redeem(token)));

    expect(outcomes.filter(({ outcome }) => outcome === 'redeemed')).toHaveLength(1);
    const refusals = await api.read.query(
      `SELECT outcome, reason FROM audit_events WHERE type = 'set-password-links.refused' AND target_id = $1`,
      [id],
    );
    expect(refusals).toHaveLength(49);
    expect(refusals[0]).toEqual({ outcome: 'refused', reason: 'credentials.link_used' });
  });

  it('a new link makes the earlier ones void, also when several are made at once', async () => {
    const id = await api.aUser();
    const links = await Promise.all(
      Array.from({ length: 6 }, () => api.call('POST', `/users/${id}/set-password-link`)),
    );
    const live = await Promise.all(
      links.map(({ body }) =>
        findLink(api.read, { token: tokenIn(body.link), purpose: 'set_password', now: api.clock.now() }),
      ),
    );

    expect(live.filter((link) => link !== undefined)).toHaveLength(1);
  });

  it('a link ends after its 24 hours, and when a password was set otherwise', async () => {
    const [late, overtaken] = [await api.aUser(), await api.aUser()];
    const issue = (userId: string) => api.transact(operator, (tx) => issueSetPasswordLink(tx, { userId }));
    const [old, void_] = [await issue(late), await issue(overtaken)];
    await api.call('PUT', `/users/${overtaken}/password`, { body: { password } });
    api.clock.advanceSeconds(86_400);

    expect(await redeem(old.token)).toEqual({ outcome: 'refused', reason: 'expired' });
    expect(await redeem(void_.token, 'another password entirely')).toEqual({ outcome: 'refused', reason: 'used' });
    expect(await redeem('made up')).toEqual({ outcome: 'refused', reason: 'unknown' });
    expect([await opens(late), await opens(overtaken)]).toEqual([false, true]);
  });
});

describe('passwords set by an administrator', () => {
  it('PUT and PATCH set it, end what was open with the old one, and record it without it', async () => {
    for (const [method, path] of [
      ['PUT', '/password'],
      ['PATCH', ''],
    ] as const) {
      const id = await api.aUser({ password: 'the password before' });
      await api.dataSource.query(
        `INSERT INTO provider_records (id, model, payload, account_id) VALUES (sha256($2), 'AccessToken', '{}', $1)`,
        [id, Buffer.from(id)],
      );
      const reply = await api.call(method, `/users/${id}${path}`, { body: { password } });

      expect(reply.status).toBe(method === 'PUT' ? 204 : 200);
      expect([await opens(id), await opens(id, 'the password before')]).toEqual([true, false]);
      expect(await api.read.query('SELECT 1 FROM provider_records WHERE account_id = $1', [id])).toEqual([]);
      const events = await api.auditOf(reply);
      expect(events).toMatchObject([
        { type: 'passwords.changed', details: { changed: { password: { to: '[redacted]' } } } },
      ]);
    }
  });

  it('rules are those of the person it is for, and an empty body is refused', async () => {
    const id = await api.aUser({ userName: 'walther-the-third', emails: [{ value: 'walther.iii@example.com' }] });
    for (const body of [
      { password: 'walther-the-third' },
      { password: 'Walther.III@example.com' },
      { password: 'password1' },
      { password: 'x'.repeat(1025) },
      {},
    ]) {
      const reply = await api.call('PUT', `/users/${id}/password`, { body });

      expect([reply.status, faults(reply)]).toEqual([422, ['/password']]);
    }
    const renamed = await api.call('PATCH', `/users/${id}`, { body: { userName: password, password } });
    expect([renamed.status, faults(renamed)]).toEqual([422, ['/password']]);
    expect(await findPasswordHash(api.read, id)).toBeUndefined();
  });

  it('SECURITY-LESSONS 14: nobody takes over a person with more permissions than their own; ending access stays possible', async () => {
    await api.transact(operator, ensureBuiltIns);
    const [boss, other, helper] = [await api.aUser(), await api.aUser(), await api.aUser()];
    for (const id of [boss, other]) {
      await api.dataSource.query(
        `INSERT INTO role_assignments (id, role_id, user_id, created_at, updated_at)
         SELECT gen_random_uuid(), id, $1, now(), now() FROM roles WHERE name = 'administrator'`,
        [id],
      );
    }
    const token = api.tokenFor(['users:read', 'users:write'], { type: 'user', id: helper });
    const attempt = (method: string, path: string, body?: object) =>
      api.call(method, `/users/${boss}${path}`, { token, body });

    const refused = [
      await attempt('PUT', '/password', { password }),
      await attempt('PATCH', '', { password }),
      await attempt('PATCH', '', { userName: 'mine' }),
      await attempt('PATCH', '', { emails: [{ value: 'mine@example.com', verified: true }] }),
      await attempt('PATCH', '', { externalId: 'mine' }),
      await attempt('POST', '/set-password-link'),
    ];
    const allowed = [await attempt('PATCH', '', { title: 'CEO' }), await attempt('PATCH', '', { active: false })];
    const returned = await attempt('PATCH', '', { active: true });

    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      refused.map(() => [403, 'access.exceeds_own_permissions']),
    );
    expect(allowed.map(({ status }) => status)).toEqual([200, 200]);
    expect(returned.status).toBe(403);
    expect(await findPasswordHash(api.read, boss)).toBeUndefined();
  });
});
