import { adminPermissions } from '../../../src/domain/access/admin-permissions.ts';
import { assignRole } from '../../../src/domain/access/assign-role.ts';
import { findRoleByName } from '../../../src/domain/access/role.ts';
import { hashClientSecret } from '../../../src/domain/clients/client-secret.ts';
import type { ClientSecretKeeper } from '../../../src/domain/clients/client-secret-keeper.ts';
import { addClientRoutes } from '../../../src/endpoints/admin/clients.ts';
import { addExplainRoutes } from '../../../src/endpoints/admin/explain.ts';
import { addPermissionRoutes } from '../../../src/endpoints/admin/permissions.ts';
import { addResourceServerRoutes } from '../../../src/endpoints/admin/resource-servers.ts';
import { addRoleAssignmentRoutes } from '../../../src/endpoints/admin/role-assignments.ts';
import { addRoleRoutes } from '../../../src/endpoints/admin/roles.ts';
import { aPeopleApi, type Body, type CallOptions, operator, type PeopleApi, type Reply } from './people-api.ts';

export const ORDERS = 'https://api.example.com';
export const ADMIN = 'urn:doorward:admin';
export const pepper = Buffer.alloc(32, 7);
export const keeper: ClientSecretKeeper = {
  hash: (secret) => hashClientSecret(pepper, secret),
  seal: (id, secret) => Buffer.from(`sealed ${id} ${[...secret].reverse().join('')}`),
};

/** The admin API with the routes about access; `call` is made by an administrator. */
export type AccessApi = PeopleApi & {
  readonly administratorId: string;
  /** A call that must be answered with success; gives the body. */
  done(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Body>;
  /** A person who holds exactly these permissions of the admin API, with a token for all of them. */
  aDelegate(permissions: readonly string[]): Promise<{ readonly id: string; readonly token: string }>;
};

export async function anAccessApi(): Promise<AccessApi> {
  let api: PeopleApi | undefined;
  const clock = { now: () => api?.clock.now() ?? new Date() };
  api = await aPeopleApi((router, { read, transact }) => {
    addClientRoutes(router, { read, transact, keeper });
    addResourceServerRoutes(router, { read, transact });
    addPermissionRoutes(router, { read, transact });
    addRoleRoutes(router, { read, transact });
    addRoleAssignmentRoutes(router, { read, transact });
    addExplainRoutes(router, { read, clock, signed: { read: async () => undefined } });
  });
  const people = api;
  const administratorId = await people.aUser({ userName: 'root' });
  const administrator = await findRoleByName(people.read, 'administrator');
  if (administrator === undefined) throw new Error('no built-in role');
  await people.transact(operator, (tx) =>
    assignRole(tx, { roleId: administrator.id, userId: administratorId as never }),
  );
  const everything = people.tokenFor(Object.keys(adminPermissions), { type: 'user', id: administratorId });
  const call: PeopleApi['call'] = (method, path, options) =>
    people.call(method, path, { token: everything, ...options });
  const done: AccessApi['done'] = async (method, path, body, options) => {
    const reply: Reply = await call(method, path, { ...(body === undefined ? {} : { body }), ...options });
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.body;
  };
  return {
    ...people,
    call,
    done,
    administratorId,
    async aDelegate(permissions) {
      const id = await people.aUser();
      const name = `delegate ${id}`;
      const role = await done('POST', '/roles', { name, permissions: [{ resource: ADMIN, values: permissions }] });
      await done('POST', '/role-assignments', { roleId: role.id, userId: id });
      return { id, token: people.tokenFor(permissions, { type: 'user', id }) };
    },
  };
}

/** The resource server most tests use. */
export const anOrdersApi = (api: AccessApi): Promise<Body> =>
  api.done('POST', '/resource-servers', {
    identifier: ORDERS,
    name: 'Orders API',
    permissions: [{ value: 'orders:read', description: 'Read orders' }, { value: 'orders:write' }],
  });
