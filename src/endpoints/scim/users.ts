import { roleColumns } from '../../domain/access/role-columns.ts';
import { rolesInForce } from '../../domain/access/roles-in-force.ts';
import type { StoredPasswordParts } from '../../domain/credentials/password-credential-input.ts';
import type { ResourceShape } from '../../domain/directory-filter/attribute.ts';
import { groupsOfUsers } from '../../domain/groups/memberships.ts';
import { admitUser } from '../../domain/lifecycle/admit-user.ts';
import { amendUser } from '../../domain/lifecycle/amend-user.ts';
import { removeUser } from '../../domain/lifecycle/remove-user.ts';
import type { Writing } from '../../domain/user-attributes/user-attribute-input.ts';
import { CUSTOM } from '../../domain/users/custom-input.ts';
import { getUser } from '../../domain/users/find-user.ts';
import { listUsers } from '../../domain/users/list-users.ts';
import type { User } from '../../domain/users/user.ts';
import { DomainError, precondition } from '../../kernel/errors.ts';
import { applyPatch } from './apply-patch.ts';
import { assertMayDelete, granted, type ViewOf } from './caller-view.ts';
import { preparePassword } from './password.ts';
import { readPatch } from './patch-request.ts';
import { readResource, type WrittenResource } from './read-resource.ts';
import type { ScimAnswer, ScimCall, ScimRoutes } from './scim-route.ts';
import { versionTag } from './scim-route.ts';
import { type Searched, searchRoutes } from './search.ts';
import { type Selection, selectionOf } from './selection.ts';
import { changesOf, newUser, presentUser, writtenUser } from './user-resource.ts';

export type UsersParts = StoredPasswordParts & {
  /** The address of the door, without a slash at the end. */
  readonly base: string;
  readonly viewOf: ViewOf;
};

export function userRoutes(parts: UsersParts): ScimRoutes {
  return [
    ...searchRoutes(searchedUsers(parts)),
    [{ method: 'POST', path: '/Users', access: 'scim:write', hasBody: true }, (call) => createUser(call, parts)],
    [{ method: 'GET', path: '/Users/:id', access: 'scim:read' }, (call) => showUser(call, call.params.id ?? '', parts)],
    [
      { method: 'PUT', path: '/Users/:id', access: 'scim:write', hasBody: true },
      (call) => replaceUser(call, call.params.id ?? '', parts),
    ],
    [
      { method: 'PATCH', path: '/Users/:id', access: 'scim:write', hasBody: true },
      (call) => patchUser(call, call.params.id ?? '', parts),
    ],
    [
      { method: 'DELETE', path: '/Users/:id', access: 'scim:write' },
      (call) => deleteUser(call, call.params.id ?? '', parts),
    ],
  ];
}

export const searchedUsers = ({ base, viewOf }: Pick<UsersParts, 'base' | 'viewOf'>): Searched => ({
  shapeFor: async (call) => (await viewOf(call)).users,
  endpoint: '/Users',
  async list(call, listing, selection) {
    const view = await viewOf(call);
    const { total, users, nextCursor } = await listUsers(
      call.read,
      { ...listing, at: call.at },
      { ...view.columns, ...roleColumns(call.at) },
    );
    const context = { selection, base, shape: granted(view.users) };
    return { total, resources: await presentAll(call, users, context), nextCursor };
  },
});

async function createUser(call: ScimCall, parts: UsersParts): Promise<ScimAnswer> {
  const { base } = parts;
  const view = await parts.viewOf(call);
  const written = readResource(call.body, granted(view.users));
  const input = newUser(written);
  const { userName, emails } = input;
  const owner = { userName, emails, organizationId: call.actor.organizationId };
  const passwordHash = await preparePassword(written, owner, parts);
  const user = await call.transact(call.actor, (tx) => admitUser(tx, { input, passwordHash, by: view.writing }));
  const location = `${base}/Users/${user.id}`;
  return {
    ...(await shown(call, user, parts)),
    status: 201,
    headers: { Location: location, ETag: versionTag(user.version) },
  };
}

export async function showUser(call: ScimCall, id: string, parts: UsersParts): Promise<ScimAnswer> {
  const user = await getUser(call.read, id);
  if (call.knownVersions.has(user.version)) return { status: 304, headers: { ETag: versionTag(user.version) } };
  return shown(call, user, parts);
}

export async function replaceUser(call: ScimCall, id: string, parts: UsersParts): Promise<ScimAnswer> {
  const { users, writing } = await parts.viewOf(call);
  const shape = granted(users);
  const written = readResource(call.body, shape);
  // A source that sends whole people and has never heard of the operator's attributes does not take them away.
  const wanted = (was: WrittenResource): WrittenResource =>
    was[CUSTOM] === undefined ? written : { [CUSTOM]: was[CUSTOM], ...written };
  return change(call, { id, shape, writing, wanted }, parts);
}

export async function patchUser(call: ScimCall, id: string, parts: UsersParts): Promise<ScimAnswer> {
  const { users, writing } = await parts.viewOf(call);
  const shape = granted(users);
  const operations = readPatch(call.body, shape);
  return change(call, { id, shape, writing, wanted: (was) => applyPatch(was, operations, shape) }, parts);
}

export async function deleteUser(call: ScimCall, id: string, { viewOf }: UsersParts): Promise<ScimAnswer> {
  const { transact, actor, expectedVersion } = call;
  assertMayDelete((await viewOf(call)).users, 'active');
  await transact(actor, (tx) => removeUser(tx, { userId: id, expectedVersion }));
  return { status: 204 };
}

type Change = {
  readonly id: string;
  readonly shape: ResourceShape;
  readonly writing: Writing;
  /** What a client can write of the person, as it is to be. */
  readonly wanted: (was: WrittenResource) => WrittenResource;
};

const ATTEMPTS = 8;

/**
 * Works out from the person as they are what differs, and changes that only while they still are so. Without If-Match, whoever was
 * faster is taken into account by working it out again; with it, one of two writers is told 412.
 */
async function change(call: ScimCall, { id, shape, writing, wanted }: Change, parts: UsersParts): Promise<ScimAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const user = await getUser(call.read, id);
    if (call.expectedVersion !== undefined && call.expectedVersion !== user.version) throw changedMeanwhile();
    const was = writtenUser(user, { at: call.at, shape });
    const written = wanted(was);
    const patch = changesOf(user, { was, wanted: written });
    const { userName, emails } = { ...user, ...patch };
    const passwordHash = await preparePassword(written, { userName, emails, userId: id }, parts);
    if (Object.keys(patch).length === 0 && passwordHash === undefined) return shown(call, user, parts);
    const amendment = { id, expectedVersion: user.version, patch, passwordHash, by: writing };
    try {
      const changed = await call.transact(call.actor, (tx) => amendUser(tx, amendment));
      return await shown(call, changed, parts);
    } catch (error) {
      const isLate = error instanceof DomainError && error.kind === 'precondition';
      if (!isLate || call.expectedVersion !== undefined || attempt === ATTEMPTS) throw error;
    }
  }
}

const changedMeanwhile = () =>
  precondition('request.version_mismatch', { detail: 'the user was changed meanwhile; read it again' });

async function shown(call: ScimCall, user: User, { base, viewOf }: UsersParts): Promise<ScimAnswer> {
  const shape = granted((await viewOf(call)).users);
  const [body] = await presentAll(call, [user], { selection: selectionOf(call.query, shape), base, shape });
  return { status: 200, body, headers: { ETag: versionTag(user.version) } };
}

async function presentAll(
  { read, at }: ScimCall,
  users: readonly User[],
  { selection, base, shape }: { selection: Selection; base: string; shape: ResourceShape },
): Promise<readonly object[]> {
  const ids = users.map(({ id }) => id);
  const isShown = (name: string): boolean => ids.length > 0 && selection.shows(name);
  const groups = isShown('groups') ? await groupsOfUsers(read, ids) : undefined;
  const roles = isShown('roles') ? await rolesInForce(read, ids, at) : undefined;
  return users.map((user) => {
    const context = { base, at, shape, groups: groups?.get(user.id), roles: roles?.get(user.id) };
    return selection.project(presentUser(user, context));
  });
}
