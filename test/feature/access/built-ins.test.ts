import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adminPermissions } from '../../../src/domain/access/admin-permissions.ts';
import { hasAdministrator } from '../../../src/domain/access/administrators.ts';
import { ensureBuiltIns } from '../../../src/domain/access/ensure-built-ins.ts';
import { createRoleRoute } from '../../../src/endpoints/admin/roles-routes.ts';
import { type AccessApi, ADMIN, anAccessApi } from '../admin/access-api.ts';
import { items, operator } from '../admin/people-api.ts';

let api: AccessApi;

beforeAll(async () => {
  api = await anAccessApi();
});

afterAll(() => api.close());

const events = () => api.read.query('SELECT id FROM audit_events');
const values = async () => items(await api.call('GET', `/permissions?resource=${ADMIN}&limit=200`), 'permissions');
const permissionsOfAdministrator = async () =>
  items(await api.call('GET', '/roles?name=administrator'), 'roles')[0]?.permissions;

describe('the built-in resource server and role', () => {
  it('hold exactly the permissions of the catalogue, in which every route’s permission is', async () => {
    const all = Object.keys(adminPermissions).sort();
    const signals = items(await api.call('GET', '/permissions?resource=urn:doorward:ssf'), 'permissions');

    expect(signals.map(({ value }) => value).sort()).toEqual(['ssf.manage', 'ssf.read', 'streams:manage']);
    expect((await values()).map(({ value }) => value).sort()).toEqual(all);
    expect(await permissionsOfAdministrator()).toEqual([{ resource: ADMIN, values: all }]);
    expect(all).toContain(createRoleRoute.permission);
  });

  it('are left alone by another start: no row, no audit event', async () => {
    const before = [await values(), await events()];

    await Promise.all([api.transact(operator, ensureBuiltIns), api.transact(operator, ensureBuiltIns)]);

    expect([await values(), await events()]).toEqual(before);
  });

  it('are brought up to date by a newer version, with one audit event', async () => {
    const before = await events();
    await api.dataSource.query("DELETE FROM permissions WHERE value = 'keys:write'");
    await api.dataSource.query("UPDATE permissions SET description = 'old' WHERE value = 'keys:read'");
    await api.dataSource.query("UPDATE permissions SET value = 'old:power' WHERE value = 'grants:read'");

    await api.transact(operator, ensureBuiltIns);

    const all = Object.keys(adminPermissions).sort();
    const now = await values();
    expect(now.map(({ value }) => value).sort()).toEqual(all);
    expect(now.find(({ value }) => value === 'keys:read')?.description).toBe(adminPermissions['keys:read']);
    expect(await permissionsOfAdministrator()).toEqual([{ resource: ADMIN, values: all }]);
    expect(await events()).toHaveLength(before.length + 1);
  });
});

describe('an administrator', () => {
  it('is someone active with the role, by any way, now and without an end', async () => {
    const at = api.clock.now();
    const only = async (period: string) => {
      await api.dataSource.query('DELETE FROM role_assignments');
      await api.dataSource.query(
        `INSERT INTO role_assignments (id, role_id, user_id, starts_at, ends_at, created_at, updated_at)
         SELECT gen_random_uuid(), roles.id, $1, ${period}, now(), now() FROM roles WHERE name = $2`,
        [api.administratorId, 'deputy'],
      );
      return hasAdministrator(api.read, at);
    };
    await api.done('POST', '/roles', { name: 'deputy', inherits: ['administrator'] });

    expect(await only('NULL, NULL')).toBe(true);
    expect(await only("'2025-01-01', NULL")).toBe(true);
    expect(await only("NULL, '2090-01-01'")).toBe(false);
    expect(await only("'2080-01-01', NULL")).toBe(false);
    await only('NULL, NULL');
    await api.dataSource.query(`UPDATE users SET status = 'inactive' WHERE id = $1`, [api.administratorId]);
    expect(await hasAdministrator(api.read, at)).toBe(false);
  });
});
