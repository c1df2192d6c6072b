import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAccessLookup } from '../../../src/domain/access/access-lookup.ts';
import type { EffectiveAccess } from '../../../src/domain/access/effective-access.ts';
import { createResourceServerLookup } from '../../../src/domain/clients/resource-server-lookup.ts';
import type { ChangeListener, Topic } from '../../../src/persistence/change-feed.ts';
import type { Reader } from '../../../src/persistence/unit-of-work.ts';
import { type AccessApi, anAccessApi, anOrdersApi, ORDERS } from '../admin/access-api.ts';
import { items } from '../admin/people-api.ts';

let api: AccessApi;
let clerk: string;

beforeAll(async () => {
  api = await anAccessApi();
  await anOrdersApi(api);
  await api.done('POST', '/roles', { name: 'reader', permissions: [{ resource: ORDERS, values: ['orders:read'] }] });
  const role = await api.done('POST', '/roles', {
    name: 'clerk',
    permissions: [{ resource: ORDERS, values: ['orders:write'] }],
    inherits: ['reader'],
  });
  clerk = String(role.id);
});

afterAll(() => api.close());

/** Counts round trips, and lets a test hold one back. */
function watched() {
  const seen = { queries: 0, gate: Promise.resolve() };
  const read: Reader = {
    ...api.read,
    async query(sql, parameters) {
      seen.queries += 1;
      const rows = await api.read.query(sql, parameters);
      await seen.gate;
      return rows as never;
    },
  };
  return { seen, read };
}

/** A feed by hand. */
function aFeed() {
  const listeners: [Topic, ChangeListener][] = [];
  return {
    isLive: true,
    subscribe(topic: Topic, listener: ChangeListener) {
      listeners.push([topic, listener]);
      return () => {};
    },
    tell(topic: Topic, key: string) {
      for (const [known, listener] of listeners) if (known === topic) listener(key);
    },
  };
}

const valuesAt = (access: EffectiveAccess, resource = ORDERS) => [...(access.permissions.get(resource) ?? [])].sort();
const assign = (subject: object, more: object = {}) =>
  api.done('POST', '/role-assignments', { roleId: clerk, ...subject, ...more });

describe('effective access', () => {
  it('of a person: own roles, those of their groups, and what these inherit', async () => {
    const lookup = createAccessLookup(api);
    const userId = await api.aUser();
    const group = await api.done('POST', '/groups', { displayName: 'Sales', members: [{ value: userId }] });
    await assign({ groupId: group.id });

    const access = await lookup.forUser(userId, api.clock.now());

    expect(access.roles).toEqual(['clerk', 'reader']);
    expect(access.groups).toEqual(['Sales']);
    expect(valuesAt(access)).toEqual(['orders:read', 'orders:write']);
  });

  it('of a client: its own permissions and those of its roles; nothing once it is disabled', async () => {
    const lookup = createAccessLookup(api);
    const permissions = [{ resource: ORDERS, values: ['orders:read'] }];
    await api.done('POST', '/clients', { client_id: 'svc', grant_types: ['client_credentials'], permissions });
    const own = await lookup.forClient('svc', api.clock.now());
    await assign({ clientId: 'svc' });
    const withRole = await lookup.forClient('svc', api.clock.now());
    await api.done('PATCH', '/clients/svc', { enabled: false });
    const disabled = await lookup.forClient('svc', api.clock.now());

    expect([valuesAt(own), own.roles]).toEqual([['orders:read'], []]);
    expect([valuesAt(withRole), withRole.roles]).toEqual([
      ['orders:read', 'orders:write'],
      ['clerk', 'reader'],
    ]);
    expect([valuesAt(disabled), disabled.roles]).toEqual([[], []]);
  });

  it('of nobody: unknown, malformed and deactivated people have none', async () => {
    const lookup = createAccessLookup(api);
    const userId = await api.aUser();
    await assign({ userId });
    expect(valuesAt(await lookup.forUser(userId, api.clock.now()))).toHaveLength(2);
    await api.done('PATCH', `/users/${userId}`, { active: false });

    for (const id of [userId, 'x', "' OR 1=1", '00000000-0000-7000-8000-000000000000']) {
      const access = await lookup.forUser(id, api.clock.now());
      expect([access.roles, access.groups, access.permissions.size]).toEqual([[], [], 0]);
    }
  });
});

describe('start and end', () => {
  it('take effect on the second from memory: the start is included, the end is not', async () => {
    const { seen, read } = watched();
    const feed = aFeed();
    const lookup = createAccessLookup({ read, changes: feed });
    const userId = await api.aUser();
    const start = Date.parse('2026-04-01T08:00:00.000Z');
    const end = Date.parse('2026-04-01T17:00:00.000Z');
    await assign({ userId }, { startsAt: new Date(start).toISOString(), endsAt: new Date(end).toISOString() });

    const at = async (ms: number) => (await lookup.forUser(userId, new Date(ms))).roles.length > 0;
    const moments = [start - 1, start, start + 1, end - 1, end, end + 1, start - 1, start];
    const held: boolean[] = [];
    for (const moment of moments) held.push(await at(moment));

    expect(held).toEqual([false, true, true, true, false, false, false, true]);
    expect(seen.queries).toBe(1);
  });

  it('of several assignments, each counts for itself', async () => {
    const lookup = createAccessLookup(api);
    const userId = await api.aUser();
    const day = (n: number) => `2026-05-${String(n).padStart(2, '0')}T00:00:00Z`;
    await assign({ userId }, { startsAt: day(1), endsAt: day(3) });
    await assign({ userId }, { startsAt: day(2), endsAt: day(4) });
    await assign({ userId }, { startsAt: day(6) });

    const held: number[] = [];
    for (let n = 1; n <= 8; n += 1) {
      const access = await lookup.forUser(userId, new Date(Date.parse(day(n)) - 1));
      if (access.roles.length > 0) held.push(n);
    }

    expect(held).toEqual([2, 3, 4, 7, 8]);
  });
});

describe('the cache', () => {
  it('asks once for many at the same moment, and again after a change', async () => {
    const { seen, read } = watched();
    const feed = aFeed();
    const lookup = createAccessLookup({ read, changes: feed });
    const userId = await api.aUser();

    await Promise.all(Array.from({ length: 20 }, () => lookup.forUser(userId, new Date())));
    await lookup.forUser(userId, new Date());
    const once = seen.queries;
    for (const [topic, key] of [
      ['access', `user:${userId}`],
      ['users', userId],
      ['access', '*'],
    ] as const) {
      feed.tell(topic, key);
      await lookup.forUser(userId, new Date());
    }

    expect([once, seen.queries]).toEqual([1, 4]);
  });

  it('does not keep what was read before a change that arrived meanwhile', async () => {
    const { seen, read } = watched();
    const feed = aFeed();
    const lookup = createAccessLookup({ read, changes: feed });
    const userId = await api.aUser();
    let open = () => {};
    seen.gate = new Promise((resolve) => {
      open = resolve;
    });

    const early = lookup.forUser(userId, new Date());
    await assign({ userId });
    feed.tell('access', `user:${userId}`);
    open();
    await early;

    expect((await lookup.forUser(userId, new Date())).roles).toEqual(['clerk', 'reader']);
  });

  it('is bypassed while changes may be missed', async () => {
    const { seen, read } = watched();
    const feed = aFeed();
    const lookup = createAccessLookup({ read, changes: feed });
    const userId = await api.aUser();
    await lookup.forUser(userId, new Date());
    feed.isLive = false;
    await assign({ userId });

    const access = await lookup.forUser(userId, new Date());

    expect(access.roles).toEqual(['clerk', 'reader']);
    expect(seen.queries).toBe(2);
  });

  it('is bounded: the least recently used leaves first', async () => {
    const { seen, read } = watched();
    const lookup = createAccessLookup({ read, changes: aFeed(), capacity: 2 });
    const [a, b, c] = [await api.aUser(), await api.aUser(), await api.aUser()];
    const at = new Date();

    for (const id of [a, b, a, c, a]) await lookup.forUser(id ?? '', at);
    const before = seen.queries;
    await lookup.forUser(b ?? '', at);

    expect([before, seen.queries]).toEqual([3, 4]);
  });

  it('hears of every change that the admin API makes, over LISTEN/NOTIFY and before the answer', async () => {
    const lookup = createAccessLookup(api);
    const userId = await api.aUser();
    const now = () => lookup.forUser(userId, api.clock.now());
    expect((await now()).roles).toEqual([]);

    const role = await api.done('POST', '/roles', { name: 'temp' });
    const assignment = await api.done('POST', '/role-assignments', { roleId: role.id, userId });
    expect((await now()).roles).toEqual(['temp']);
    await api.done('PATCH', `/roles/${role.id}`, {
      name: 'temp2',
      permissions: [{ resource: ORDERS, values: ['orders:read'] }],
    });
    expect([(await now()).roles, valuesAt(await now())]).toEqual([['temp2'], ['orders:read']]);
    const [permission] = items(await api.call('GET', '/permissions?value=orders:read'), 'permissions');
    await api.done('DELETE', `/permissions/${permission?.id}`);
    expect(valuesAt(await now())).toEqual([]);
    await api.done('PATCH', `/role-assignments/${assignment.id}`, { startsAt: '2098-01-01T00:00:00Z' });
    expect((await now()).roles).toEqual([]);
    await api.done('PATCH', `/role-assignments/${assignment.id}`, { startsAt: null });
    expect((await now()).roles).toEqual(['temp2']);
    await api.done('DELETE', `/role-assignments/${assignment.id}`);
    expect((await now()).roles).toEqual([]);
  });
});

describe('resource servers', () => {
  it('are held with their permissions until a change', async () => {
    const { seen, read } = watched();
    const feed = aFeed();
    const lookup = createResourceServerLookup({ read, changes: feed });
    const values = async (identifier: string) => [...((await lookup.find(identifier))?.permissions.keys() ?? [])];

    expect(await values('urn:held')).toEqual([]);
    await api.done('POST', '/resource-servers', {
      identifier: 'urn:held',
      permissions: [{ value: 'a' }, { value: 'b' }],
    });
    expect(await values('urn:held')).toEqual([]);
    feed.tell('resource-servers', '*');

    expect(await values('urn:held')).toEqual(['a', 'b']);
    expect((await lookup.owningPermission('b')).map(({ identifier }) => identifier)).toEqual(['urn:held']);
    expect((await lookup.all()).map(({ identifier }) => identifier)).toContain('urn:doorward:admin');
    expect(seen.queries).toBe(2);
  });
});
