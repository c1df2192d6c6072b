import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aPeopleApi, faults, items, type PeopleApi, type Reply } from './people-api.ts';

let api: PeopleApi;

beforeAll(async () => {
  api = await aPeopleApi();
});

afterAll(() => api.close());

const aGroup = (displayName: string, more: object = {}) =>
  api.call('POST', '/groups', { body: { displayName, ...more } });
const memberIds = async (id: unknown) =>
  items(await api.call('GET', `/groups/${id}/members`), 'members').map((member) => member.value);

describe('groups (RFC 7643 §4.2)', () => {
  it('are created, read, changed and deleted, with ETags and audit events', async () => {
    const created = await aGroup('Sales', { externalId: 'dept-1' });
    const path = `/groups/${created.body.id}`;
    expect([created.status, created.headers.get('location')]).toEqual([201, `/admin/v1${path}`]);
    expect((await api.call('GET', path)).body).toEqual(created.body);

    const patched = await api.call('PATCH', path, {
      body: { displayName: 'Sales & Service', externalId: null },
      headers: { 'if-match': '"1"' },
    });
    const stale = await api.call('PATCH', path, { body: { displayName: 'x' }, headers: { 'if-match': '"1"' } });
    const deleted = await api.call('DELETE', path, { headers: { 'if-match': '"2"' } });

    expect(patched.body).toMatchObject({ displayName: 'Sales & Service', version: 2 });
    expect(patched.body).not.toHaveProperty('externalId');
    expect([patched.headers.get('etag'), stale.status, deleted.status]).toEqual(['"2"', 412, 204]);
    expect((await api.call('DELETE', path)).status).toBe(404);
    const events = [...(await api.auditOf(created)), ...(await api.auditOf(patched)), ...(await api.auditOf(deleted))];
    expect(events.map((event) => event.type)).toEqual(['groups.created', 'groups.updated', 'groups.deleted']);
    expect(events[1]?.details).toEqual({
      changed: { displayName: { from: 'Sales', to: 'Sales & Service' }, externalId: { from: 'dept-1' } },
    });
  });

  it('displayName is unique without regard to case', async () => {
    await aGroup('Legal');
    const [replay, other] = [await aGroup('LEGAL'), await aGroup('Illegal')];
    const renamed = await api.call('PATCH', `/groups/${other.body.id}`, { body: { displayName: 'legal' } });

    expect([replay.status, faults(replay), renamed.status]).toEqual([409, ['/displayName'], 409]);
  });

  it('wrong input is refused with a pointer', async () => {
    for (const [body, pointer] of [
      [{}, '/displayName'],
      [{ displayName: 'G1', members: 'all' }, '/members'],
      [{ displayName: 'G1', members: [{ value: 'nobody' }] }, '/members/0/value'],
      [{ displayName: 'G1', roles: ['administrator'] }, '/roles'],
      [{ displayName: 'G\u0000' }, '/displayName'],
    ] as const) {
      const reply = await api.call('POST', '/groups', { body });

      expect([reply.status, faults(reply)]).toEqual([422, [pointer]]);
    }
    expect((await api.read.query(`SELECT 1 FROM groups WHERE display_name_key = 'g1'`)).length).toBe(0);
  });

  it('are searched by name, external id and member', async () => {
    const person = await api.aUser();
    const created = await aGroup('Archive', { externalId: 'dept-9', members: [{ value: person }] });
    for (const query of ['displayName=ARCHIVE', 'externalId=dept-9', `members.value=${person}`]) {
      const found = items(await api.call('GET', `/groups?${query}`), 'groups');
      expect([query, found]).toEqual([query, [created.body]]);
    }
    expect(items(await api.call('GET', '/groups?members.value=nobody'), 'groups')).toEqual([]);
  });
});

describe('members', () => {
  it('are added, listed by page and removed; adding twice changes nothing', async () => {
    const people = await Promise.all(Array.from({ length: 7 }, () => api.aUser({ displayName: 'Somebody' })));
    const group = await aGroup('Choir');
    const path = `/groups/${group.body.id}/members`;
    const body = { members: people.map((value) => ({ value })) };

    const added = await api.call('POST', path, { body });
    const again = await api.call('POST', path, { body });
    const removed = await api.call('DELETE', `${path}/${people[0]}`);
    const removedAgain = await api.call('DELETE', `${path}/${people[0]}`);

    expect([added, again, removed, removedAgain].map((reply) => reply.status)).toEqual([204, 204, 204, 404]);
    expect((await api.auditOf(added)).map((event) => event.type)).toEqual(['group-members.added']);
    expect(await api.auditOf(again)).toEqual([]);
    expect((await api.auditOf(removed))[0]).toMatchObject({
      type: 'group-members.removed',
      targetId: group.body.id,
      details: { userIds: [people[0]] },
    });
    const seen: unknown[] = [];
    let next: string | undefined = `${path}?limit=2`;
    while (next !== undefined) {
      const page: Reply = await api.call('GET', next);
      seen.push(...items(page, 'members'));
      next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(seen).toEqual(
      people
        .slice(1)
        .sort()
        .map((value) => ({ value, display: 'Somebody', type: 'User' })),
    );
  });

  it('who does not exist is pointed at, and nobody of that call is added', async () => {
    const [person, group] = [await api.aUser(), await aGroup('Crew')];
    const strangers = ['00000000-0000-7000-8000-000000000000', 'nobody'];
    const members = [person, ...strangers].map((value) => ({ value }));

    const reply = await api.call('POST', `/groups/${group.body.id}/members`, { body: { members } });

    expect([reply.status, faults(reply)]).toEqual([422, ['/members/1/value', '/members/2/value']]);
    expect(await memberIds(group.body.id)).toEqual([]);
  });

  it('SECURITY-LESSONS 14: nobody puts anyone into a group that gives more than they hold', async () => {
    const [helper, group] = [await api.aUser(), await aGroup('Bosses')];
    await api.dataSource.query(
      `INSERT INTO role_assignments (id, role_id, group_id, created_at, updated_at)
       SELECT gen_random_uuid(), id, $1, now(), now() FROM roles WHERE name = 'administrator'`,
      [group.body.id],
    );
    const token = api.tokenFor(['groups:write'], { type: 'user', id: helper });

    const reply = await api.call('POST', `/groups/${group.body.id}/members`, {
      token,
      body: { members: [{ value: helper }] },
    });

    expect([reply.status, reply.body.code]).toEqual([403, 'access.exceeds_own_permissions']);
    expect(await memberIds(group.body.id)).toEqual([]);
  });

  it('leave when the person is deleted', async () => {
    const person = await api.aUser();
    const group = await aGroup('Guests', { members: [{ value: person }] });
    await api.call('DELETE', `/users/${person}`);

    expect(await memberIds(group.body.id)).toEqual([]);
  });
});

describe('who may', () => {
  it('each call needs its own permission; users:* opens none of them', async () => {
    const group = await aGroup('Closed');
    const path = `/groups/${group.body.id}`;
    const calls = [
      ['GET', '/groups', 'groups:read'],
      ['GET', path, 'groups:read'],
      ['GET', `${path}/members`, 'groups:read'],
      ['POST', '/groups', 'groups:write'],
      ['PATCH', path, 'groups:write'],
      ['DELETE', path, 'groups:write'],
      ['POST', `${path}/members`, 'groups:write'],
      ['DELETE', `${path}/members/nobody`, 'groups:write'],
    ] as const;
    const others = ['users:read', 'users:write', 'roles:write', 'groups:read', 'groups:write'];
    for (const [method, target, permission] of calls) {
      const token = api.tokenFor(others.filter((other) => other !== permission));
      const body = method === 'POST' || method === 'PATCH' ? {} : undefined;

      expect([target, (await api.call(method, target, { token, body })).status]).toEqual([target, 403]);
      expect([target, (await api.call(method, target, { token: null, body })).status]).toEqual([target, 401]);
    }
  });

  it('an id that does not exist or is none is a 404', async () => {
    for (const id of ['00000000-0000-7000-8000-000000000000', 'nobody']) {
      const replies = await Promise.all([
        api.call('GET', `/groups/${id}`),
        api.call('GET', `/groups/${id}/members`),
        api.call('PATCH', `/groups/${id}`, { body: { displayName: 'x' } }),
        api.call('DELETE', `/groups/${id}`),
        api.call('POST', `/groups/${id}/members`, { body: { members: [{ value: id }] } }),
        api.call('DELETE', `/groups/${id}/members/${id}`),
      ]);
      expect(replies.map((reply) => reply.status)).toEqual(replies.map(() => 404));
    }
  });
});
