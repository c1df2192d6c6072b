import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AccessApi, ADMIN, anAccessApi, anOrdersApi, ORDERS } from './access-api.ts';
import { faults, items } from './people-api.ts';

let api: AccessApi;

beforeAll(async () => {
  api = await anAccessApi();
  await anOrdersApi(api);
});

afterAll(() => api.close());

const aRole = (name: string, more: object = {}) => api.done('POST', '/roles', { name, ...more });

describe('roles (NIST RBAC)', () => {
  it('are created with permissions and what they inherit, with ETag, Location and an audit event', async () => {
    await aRole('employee');
    const body = {
      name: 'order-clerk',
      description: 'Takes orders',
      permissions: [{ resource: ORDERS, values: ['orders:read', 'orders:write'] }],
      inherits: ['employee'],
    };

    const reply = await api.call('POST', '/roles', { body });

    expect(reply.status).toBe(201);
    expect(reply.headers.get('location')).toBe(`/admin/v1/roles/${reply.body.id}`);
    expect(reply.headers.get('etag')).toBe('"1"');
    expect(reply.body).toMatchObject({ ...body, builtIn: false, version: 1 });
    expect((await api.call('GET', `/roles/${reply.body.id}`)).body).toEqual(reply.body);
    expect(items(await api.call('GET', '/roles?name=order-clerk'), 'roles')).toEqual([reply.body]);
    expect(await api.auditOf(reply)).toMatchObject([
      { type: 'roles.created', actorId: api.administratorId, targetId: reply.body.id },
    ]);
  });

  it('a replay is refused with 409 and writes no audit event', async () => {
    await aRole('replayed');

    const reply = await api.call('POST', '/roles', { body: { name: 'replayed' } });

    expect([reply.status, reply.body.code, faults(reply)]).toEqual([409, 'roles.name_taken', ['/name']]);
    expect(await api.auditOf(reply)).toEqual([]);
  });

  it('unknown permissions, roles and fields are refused with a pointer to each', async () => {
    const permissions = [{ resource: ORDERS, values: ['orders:read', 'orders:burn'] }];

    const unknownPermission = await api.call('POST', '/roles', { body: { name: 'a', permissions } });
    const unknownRole = await api.call('POST', '/roles', { body: { name: 'a', inherits: ['employee', 'nobody'] } });
    const unknownField = await api.call('POST', '/roles', { body: { name: 'a', builtIn: true, version: 4 } });

    expect([unknownPermission.status, faults(unknownPermission)]).toEqual([422, ['/permissions/0/values/1']]);
    expect([unknownRole.status, faults(unknownRole)]).toEqual([422, ['/inherits/1']]);
    expect([unknownField.status, faults(unknownField)]).toEqual([422, ['/builtIn', '/version']]);
  });

  it('RFC 7396: PATCH replaces arrays whole; If-Match with an old version is 412 and changes nothing', async () => {
    const role = await aRole('patched', { permissions: [{ resource: ORDERS, values: ['orders:read'] }] });
    const patch = { description: 'new', permissions: [{ resource: ORDERS, values: ['orders:write'] }] };

    const changed = await api.call('PATCH', `/roles/${role.id}`, { body: patch, headers: { 'if-match': '"1"' } });
    const late = await api.call('PATCH', `/roles/${role.id}`, {
      body: { name: 'late' },
      headers: { 'if-match': '"1"' },
    });

    expect(changed.body).toMatchObject({ ...patch, version: 2 });
    expect(changed.headers.get('etag')).toBe('"2"');
    expect((await api.auditOf(changed))[0]?.details).toMatchObject({
      changed: { description: { to: 'new' }, permissions: { from: [{ values: ['orders:read'] }] } },
    });
    expect(late.status).toBe(412);
    expect((await api.done('GET', `/roles/${role.id}`)).name).toBe('patched');
  });

  it('the built-in administrator can be neither changed nor deleted', async () => {
    const [administrator] = items(await api.call('GET', '/roles?name=administrator'), 'roles');

    const renamed = await api.call('PATCH', `/roles/${administrator?.id}`, { body: { name: 'boss' } });
    const deleted = await api.call('DELETE', `/roles/${administrator?.id}`);

    expect([renamed.body.code, deleted.body.code]).toEqual(['roles.built_in', 'roles.built_in']);
    expect([renamed.status, deleted.status]).toEqual([409, 409]);
  });

  it('pages by cursor, each role once, with a Link to the next page (RFC 8288)', async () => {
    const seen: unknown[] = [];
    let path: string | undefined = '/roles?limit=2';
    while (path !== undefined) {
      const page = await api.call('GET', path);
      seen.push(...items(page, 'roles').map((role) => role.id));
      path = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
      expect(path === undefined).toBe(page.body.nextCursor === undefined);
    }

    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength((await api.read.query('SELECT id FROM roles')).length);
  });

  it.each(['GET', 'PATCH', 'DELETE'])('%s of an unknown or malformed id is 404', async (method) => {
    for (const id of ['00000000-0000-7000-8000-000000000000', 'x', '%2e%2e']) {
      const reply = await api.call(method, `/roles/${id}`, method === 'PATCH' ? { body: { name: 'n' } } : {});
      expect(reply.status).toBe(404);
    }
  });
});

describe('inheritance', () => {
  it('a cycle is refused, and the answer names the way around', async () => {
    const a = await aRole('cycle-a');
    await aRole('cycle-b', { inherits: ['cycle-a'] });
    await aRole('cycle-c', { inherits: ['cycle-b'] });

    const reply = await api.call('PATCH', `/roles/${a.id}`, { body: { inherits: ['cycle-c'] } });

    expect([reply.status, reply.body.code, faults(reply)]).toEqual([409, 'roles.inheritance_cycle', ['/inherits']]);
    expect(reply.body.detail).toContain('cycle-a → cycle-c → cycle-b → cycle-a');
    expect((await api.done('GET', `/roles/${a.id}`)).inherits).toEqual([]);
  });

  it('a role cannot inherit itself', async () => {
    const role = await aRole('selfish');

    const reply = await api.call('PATCH', `/roles/${role.id}`, { body: { inherits: ['selfish'] } });

    expect([reply.status, reply.body.code]).toEqual([409, 'roles.inheritance_cycle']);
  });

  it('of two parallel changes that close a cycle together, exactly one is refused', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [left, right] = [await aRole(`left ${round}`), await aRole(`right ${round}`)];

      const replies = await Promise.all([
        api.call('PATCH', `/roles/${left.id}`, { body: { inherits: [`right ${round}`] } }),
        api.call('PATCH', `/roles/${right.id}`, { body: { inherits: [`left ${round}`] } }),
      ]);

      expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    }
  });
});

describe('role assignments', () => {
  it('take exactly one subject; period and reason are kept; a replay is 409', async () => {
    const role = await aRole('assigned');
    const userId = await api.aUser();
    const body = {
      roleId: role.id,
      userId,
      startsAt: '2026-03-01T00:00:00.000Z',
      endsAt: '2027-01-01T00:00:00.000Z',
      reason: 'Project Heron',
    };

    const reply = await api.call('POST', '/role-assignments', { body });
    const replay = await api.call('POST', '/role-assignments', { body });

    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject(body);
    expect(await api.auditOf(reply)).toMatchObject([
      {
        type: 'role-assignments.created',
        details: { changed: { userId: { to: userId }, reason: { to: body.reason } } },
      },
    ]);
    expect([replay.status, replay.body.code]).toEqual([409, 'role_assignments.exists']);
    expect(items(await api.call('GET', `/role-assignments?userId=${userId}`), 'roleAssignments')).toEqual([reply.body]);
  });

  it.each([
    ['no subject', {}, ['/userId']],
    ['two subjects', { userId: true, clientId: 'web' }, ['/userId']],
    ['an unknown person', { userId: '00000000-0000-7000-8000-000000000000' }, ['/userId']],
    ['an unknown client', { clientId: 'no-such' }, ['/clientId']],
    [
      'an end before the start',
      { userId: true, startsAt: '2026-02-01T00:00:00Z', endsAt: '2026-01-01T00:00:00Z' },
      ['/endsAt'],
    ],
    ['a time without an offset', { userId: true, endsAt: '2026-01-01T00:00:00' }, ['/endsAt']],
    ['an unknown field', { userId: true, roleName: 'x' }, ['/roleName']],
  ])('%s is refused with a pointer', async (_, input: Record<string, unknown>, pointers) => {
    const role = await aRole(`refused ${Math.random()}`);
    const userId = input.userId === true ? { userId: await api.aUser() } : {};

    const reply = await api.call('POST', '/role-assignments', { body: { roleId: role.id, ...input, ...userId } });

    expect([reply.status, faults(reply)]).toEqual([422, pointers]);
  });

  it('the last administrator keeps the role: neither deleted nor given an end', async () => {
    const own = `/role-assignments?userId=${api.administratorId}`;
    const [assignment] = items(await api.call('GET', own), 'roleAssignments');

    const deleted = await api.call('DELETE', `/role-assignments/${assignment?.id}`);
    const ended = await api.call('PATCH', `/role-assignments/${assignment?.id}`, {
      body: { endsAt: '2099-01-01T00:00:00Z' },
    });

    expect([deleted.body.code, ended.body.code]).toEqual(['access.last_administrator', 'access.last_administrator']);
    expect(items(await api.call('GET', own), 'roleAssignments')).toEqual([assignment]);
  });
});

describe('least privilege', () => {
  const calls: readonly (readonly [string, string, string, object | undefined])[] = [
    ['roles:read', 'GET', '/roles', undefined],
    ['roles:write', 'POST', '/roles', { name: 'x' }],
    ['role-assignments:read', 'GET', '/role-assignments', undefined],
    ['role-assignments:write', 'POST', '/role-assignments', {}],
    ['clients:read', 'GET', '/clients', undefined],
    ['clients:write', 'POST', '/clients', {}],
    ['resource-servers:read', 'GET', '/resource-servers', undefined],
    ['resource-servers:write', 'POST', '/resource-servers', {}],
    ['resource-servers:read', 'GET', '/permissions', undefined],
    ['access:read', 'GET', `/explain?userId=x&permission=y&resource=${ADMIN}`, undefined],
  ];

  it.each(calls)('only %s opens %s %s; without a token it is 401', async (permission, method, path, body) => {
    const others = [...new Set(calls.map(([value]) => value)), 'users:read', 'users:write'].filter(
      (value) => value !== permission,
    );
    const options = body === undefined ? {} : { body };

    const without = await api.call(method, path, { ...options, token: null });
    const wrong = await api.call(method, path, { ...options, token: api.tokenFor(others) });
    const right = await api.call(method, path, { ...options, token: api.tokenFor([permission]) });

    expect([without.status, wrong.status]).toEqual([401, 403]);
    expect(wrong.headers.get('www-authenticate')).toContain(`scope="${permission}"`);
    expect([401, 403]).not.toContain(right.status);
  });
});
