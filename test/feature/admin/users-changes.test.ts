import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aPeopleApi, type PeopleApi } from './people-api.ts';

let api: PeopleApi;

beforeAll(async () => {
  api = await aPeopleApi();
});

afterAll(() => api.close());

describe('PATCH /users/:id (RFC 7396)', () => {
  it('changes what is named, removes what is null, replaces lists whole, and records the difference', async () => {
    const id = await api.aUser({
      userName: 'grace',
      displayName: 'Grace',
      name: { givenName: 'Alice', familyName: 'Archer' },
      emails: [{ value: 'alice@example.com' }, { value: 'alice@home.example' }],
    });

    const reply = await api.call('PATCH', `/users/${id}`, {
      body: { displayName: null, name: { givenName: 'Grace' }, emails: [{ value: 'grace@example.com' }] },
      headers: { 'content-type': 'application/merge-patch+json' },
    });

    expect(reply.status).toBe(200);
    expect(reply.headers.get('etag')).toBe('"2"');
    expect(reply.body).not.toHaveProperty('displayName');
    expect(reply.body).toMatchObject({
      name: { givenName: 'Grace', familyName: 'Archer' },
      emails: [{ value: 'grace@example.com', primary: true, verified: false }],
    });
    const [event] = await api.auditOf(reply);
    expect(event).toMatchObject({ type: 'users.updated', details: { changed: { displayName: { from: 'Grace' } } } });
    expect(Object.keys(Object(event?.details?.changed)).sort()).toEqual(['displayName', 'emails', 'name']);
  });

  it('RFC 9110 §13.1.1: a wrong If-Match changes nothing (412); the right one works once', async () => {
    const id = await api.aUser();
    const change = (tag: string, nickName: string) =>
      api.call('PATCH', `/users/${id}`, { body: { nickName }, headers: { 'if-match': tag } });

    const [one, two] = await Promise.all([change('"1"', 'first'), change('"1"', 'second')]);

    expect([one.status, two.status].sort()).toEqual([200, 412]);
    expect((await change('"1"', 'third')).status).toBe(412);
    expect((await change('W/"2"', 'third')).status).toBe(412);
    expect((await change('"2"', 'third')).status).toBe(200);
  });

  it('of two If-Match changes of "active" at once one wins', async () => {
    const id = await api.aUser();
    const change = (body: object) => api.call('PATCH', `/users/${id}`, { body, headers: { 'if-match': '"1"' } });

    const replies = await Promise.all([change({ active: false }), change({ active: false, title: 'x' })]);

    expect(replies.map((reply) => reply.status).sort()).toEqual([200, 412]);
  });

  it('parallel changes of different attributes all last', async () => {
    const id = await api.aUser();
    const changes = [{ nickName: 'n' }, { title: 't' }, { gender: 'g' }, { userType: 'u' }, { displayName: 'd' }];

    const replies = await Promise.all(changes.map((body) => api.call('PATCH', `/users/${id}`, { body })));

    expect(replies.map((reply) => reply.status)).toEqual(changes.map(() => 200));
    expect((await api.call('GET', `/users/${id}`)).body).toMatchObject(Object.assign({}, ...changes));
  });

  it('a change to the same changes nothing and records nothing', async () => {
    const id = await api.aUser({ title: 'Dr' });
    const reply = await api.call('PATCH', `/users/${id}`, { body: { title: 'Dr', nickName: null } });

    expect([reply.status, reply.headers.get('etag')]).toEqual([200, '"1"']);
    expect(await api.auditOf(reply)).toEqual([]);
  });

  it('userName cannot be removed, active is a boolean, and a taken userName is a conflict', async () => {
    const id = await api.aUser();
    await api.aUser({ userName: 'heidi' });
    const patch = (body: object) => api.call('PATCH', `/users/${id}`, { body });

    expect((await patch({ userName: null })).status).toBe(422);
    expect((await patch({ active: null })).status).toBe(422);
    expect((await patch({ userName: 'HEIDI' })).status).toBe(409);
  });

  it('__proto__ and constructor are unknown fields like any other', async () => {
    const id = await api.aUser();
    const reply = await api.call('PATCH', `/users/${id}`, { body: '{"__proto__":{"active":false},"constructor":1}' });

    expect(reply.status).toBe(422);
    expect((await api.call('GET', `/users/${id}`)).body).toMatchObject({ active: true });
  });
});

describe('deactivation, return and deletion', () => {
  it('active: false ends sessions, grants, links and earlier tokens in one transaction, and says so once', async () => {
    const id = await api.aUser({ title: 'x' });
    const link = await api.call('POST', `/users/${id}/set-password-link`);
    await aProviderRecord(id, 'Session');
    await aProviderRecord(id, 'RefreshToken');

    const reply = await api.call('PATCH', `/users/${id}`, { body: { active: false, title: 'y' } });

    expect(reply.body).toMatchObject({ active: false, title: 'y', accessValidFrom: api.clock.now().toISOString() });
    const left = await api.read.query('SELECT model FROM provider_records WHERE account_id = $1 AND ended_at IS NULL', [
      id,
    ]);
    expect(left).toEqual([]);
    expect(await unusedLinks(id)).toBe(0);
    expect(link.status).toBe(201);
    expect((await api.auditOf(reply)).map((event) => event.type).sort()).toEqual([
      'users.deactivated',
      'users.updated',
    ]);
    const replay = await api.call('PATCH', `/users/${id}`, { body: { active: false } });
    expect([replay.status, await api.auditOf(replay)]).toEqual([200, []]);
  });

  it('a return restores nothing that ended', async () => {
    const id = await api.aUser();
    await aProviderRecord(id, 'RefreshToken');
    await api.call('PATCH', `/users/${id}`, { body: { active: false } });
    api.clock.advanceSeconds(60);

    const reply = await api.call('PATCH', `/users/${id}`, { body: { active: true } });

    expect(reply.body).toMatchObject({ active: true, accessValidFrom: api.clock.now().toISOString() });
    expect(await api.read.query('SELECT 1 FROM provider_records WHERE account_id = $1', [id])).toEqual([]);
    expect((await api.auditOf(reply)).map((event) => event.type)).toEqual(['users.reactivated']);
  });

  it('DELETE removes the person and all their access; a replay is a 404', async () => {
    const id = await api.aUser({ password: 'seven otters keep the ledger', emails: [{ value: 'x@y.example' }] });
    await aProviderRecord(id, 'Grant');
    expect((await api.call('DELETE', `/users/${id}`, { headers: { 'if-match': '"7"' } })).status).toBe(412);

    const reply = await api.call('DELETE', `/users/${id}`);

    expect([reply.status, reply.text]).toEqual([204, '']);
    expect((await api.auditOf(reply)).map((event) => event.type)).toEqual(['users.deleted']);
    expect(await api.read.query('SELECT 1 FROM provider_records WHERE account_id = $1', [id])).toEqual([]);
    expect(await api.read.query('SELECT 1 FROM password_credentials WHERE user_id = $1', [id])).toEqual([]);
    expect((await api.call('DELETE', `/users/${id}`)).status).toBe(404);
  });
});

async function aProviderRecord(userId: string, model: string): Promise<void> {
  await api.dataSource.query(
    `INSERT INTO provider_records (id, model, payload, account_id, uid, expires_at)
     VALUES (sha256(gen_random_uuid()::text::bytea), $1, $2, $3, gen_random_uuid()::text, now() + interval '1 hour')`,
    [model, JSON.stringify({ accountId: userId, kind: model }), userId],
  );
}

async function unusedLinks(userId: string): Promise<number> {
  const rows = await api.read.query('SELECT 1 FROM one_time_links WHERE user_id = $1 AND consumed_at IS NULL', [
    userId,
  ]);
  return rows.length;
}
