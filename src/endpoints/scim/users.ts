import { groupsOfUser } from '../../domain/groups/group-schema.ts';
import { groupsOfUsers } from '../../domain/groups/memberships.ts';
import { admitUser } from '../../domain/lifecycle/admit-user.ts';
import { amendUser } from '../../domain/lifecycle/amend-user.ts';
import { removeUser } from '../../domain/lifecycle/remove-user.ts';
import { getUser } from '../../domain/users/find-user.ts';
import { listUsers } from '../../domain/users/list-users.ts';
import type { User } from '../../domain/users/user.ts';
import { userShape } from '../../domain/users/user-schema.ts';
import { DomainError, precondition } from '../../kernel/errors.ts';
import { applyPatch } from './apply-patch.ts';
import { preparePassword } from './password.ts';
import { readPatch } from './patch-request.ts';
import { readResource, type WrittenResource } from './read-resource.ts';
import type { ScimAnswer, ScimCall, ScimRoutes } from './scim-route.ts';
import { versionTag } from './scim-route.ts';
import { type Searched, searchRoutes } from './search.ts';
import { type Selection, selectionOf } from './selection.ts';
import { changesOf, newUser, presentUser, writtenUser } from './user-resource.ts';

export type UsersParts = {
  /** The address of the door, without a slash at the end. */
  readonly base: string;
  /** Behind the hashing queue. */
  readonly hashPassword: (password: string) => Promise<string>;
};

export function userRoutes(parts: UsersParts): ScimRoutes {
  const { base } = parts;
  return [
    ...searchRoutes(searchedUsers(base)),
    [{ method: 'POST', path: '/Users', access: 'scim:write', hasBody: true }, (call) => createUser(call, parts)],
    [{ method: 'GET', path: '/Users/:id', access: 'scim:read' }, (call) => showUser(call, call.params.id ?? '', base)],
    [
      { method: 'PUT', path: '/Users/:id', access: 'scim:write', hasBody: true },
      (call) => replaceUser(call, call.params.id ?? '', parts),
    ],
    [
      { method: 'PATCH', path: '/Users/:id', access: 'scim:write', hasBody: true },
      (call) => patchUser(call, call.params.id ?? '', parts),
    ],
    [{ method: 'DELETE', path: '/Users/:id', access: 'scim:write' }, (call) => deleteUser(call, call.params.id ?? '')],
  ];
}

export const searchedUsers = (base: string): Searched => ({
  shape: userShape,
  endpoint: '/Users',
  async list(call, listing, selection) {
    const { total, users, nextCursor } = await listUsers(call.read, { ...listing, at: call.at }, groupsOfUser);
    return { total, resources: await presentAll(call, users, { selection, base }), nextCursor };
  },
});

async function createUser(call: ScimCall, { base, hashPassword }: UsersParts): Promise<ScimAnswer> {
  const written = readResource(call.body, userShape);
  const input = newUser(written);
  const passwordHash = await preparePassword(written, input, hashPassword);
  const user = await call.transact(call.actor, (tx) => admitUser(tx, { input, passwordHash }));
  const location = `${base}/Users/${user.id}`;
  return {
    ...(await shown(call, user, base)),
    status: 201,
    headers: { Location: location, ETag: versionTag(user.version) },
  };
}

export async function showUser(call: ScimCall, id: string, base: string): Promise<ScimAnswer> {
  const user = await getUser(call.read, id);
  if (call.knownVersions.has(user.version)) return { status: 304, headers: { ETag: versionTag(user.version) } };
  return shown(call, user, base);
}

export function replaceUser(call: ScimCall, id: string, parts: UsersParts): Promise<ScimAnswer> {
  const written = readResource(call.body, userShape);
  return change(call, { id, wanted: () => written }, parts);
}

export function patchUser(call: ScimCall, id: string, parts: UsersParts): Promise<ScimAnswer> {
  const operations = readPatch(call.body, userShape);
  return change(call, { id, wanted: (user) => applyPatch(writtenUser(user, call.at), operations, userShape) }, parts);
}

export async function deleteUser({ transact, actor, expectedVersion }: ScimCall, id: string): Promise<ScimAnswer> {
  await transact(actor, (tx) => removeUser(tx, { userId: id, expectedVersion }));
  return { status: 204 };
}

type Change = { readonly id: string; readonly wanted: (user: User) => WrittenResource };

const ATTEMPTS = 8;

/**
 * Works out from the person as they are what differs, and changes that only while they still are so. Without If-Match, whoever was
 * faster is taken into account by working it out again; with it, one of two writers is told 412.
 */
async function change(call: ScimCall, { id, wanted }: Change, { base, hashPassword }: UsersParts): Promise<ScimAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const user = await getUser(call.read, id);
    if (call.expectedVersion !== undefined && call.expectedVersion !== user.version) throw changedMeanwhile();
    const written = wanted(user);
    const patch = changesOf(user, written, call.at);
    const passwordHash = await preparePassword(written, { ...user, ...patch }, hashPassword);
    if (Object.keys(patch).length === 0 && passwordHash === undefined) return shown(call, user, base);
    const amendment = { id, expectedVersion: user.version, patch, passwordHash };
    try {
      const changed = await call.transact(call.actor, (tx) => amendUser(tx, amendment));
      return await shown(call, changed, base);
    } catch (error) {
      const isLate = error instanceof DomainError && error.kind === 'precondition';
      if (!isLate || call.expectedVersion !== undefined || attempt === ATTEMPTS) throw error;
    }
  }
}

const changedMeanwhile = () =>
  precondition('request.version_mismatch', { detail: 'the user was changed meanwhile; read it again' });

async function shown(call: ScimCall, user: User, base: string): Promise<ScimAnswer> {
  const [body] = await presentAll(call, [user], { selection: selectionOf(call.query, userShape), base });
  return { status: 200, body, headers: { ETag: versionTag(user.version) } };
}

async function presentAll(
  { read, at }: ScimCall,
  users: readonly User[],
  { selection, base }: { selection: Selection; base: string },
): Promise<readonly object[]> {
  const ids = users.map(({ id }) => id);
  const groups = selection.shows('groups') && ids.length > 0 ? await groupsOfUsers(read, ids) : undefined;
  return users.map((user) => selection.project(presentUser(user, { base, at, groups: groups?.get(user.id) })));
}
