import { isDeepStrictEqual } from 'node:util';
import { precondition } from '../../kernel/errors.ts';
import { isUuid, type PermissionId, type RoleId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { type GrantedPermissions, resolvePermissions } from '../clients/granted-permissions.ts';
import { withAdministratorKept } from './administrators.ts';
import { assertMayGrantPermissions, assertMayGrantRoles } from './may-grant.ts';
import { builtInRole, getRole, onRoleNameTaken, type Role, roleNotFound } from './role.ts';
import { replaceInheritance, resolveRoles } from './role-inheritance.ts';
import type { RolePatch } from './role-input.ts';
import { RolesTable } from './roles-table.ts';

export type RoleChange = {
  readonly id: string;
  readonly expectedVersion?: number | undefined;
  readonly patch: RolePatch;
};

/**
 * RFC 7396 merge patch of a role. What is added must be within the actor's own permissions; taking away need not be.
 * Throws as `createRole`, and not_found, precondition `request.version_mismatch`, conflict `roles.built_in` |
 * `roles.inheritance_cycle` | `access.last_administrator`.
 */
export const updateRole = (tx: Tx, change: RoleChange): Promise<Role> =>
  // The lock over administrators comes before any row's.
  change.patch.inherits === undefined ? update(tx, change) : withAdministratorKept(tx, () => update(tx, change));

async function update(tx: Tx, { id, expectedVersion, patch }: RoleChange): Promise<Role> {
  // What changes nothing takes no lock and leaves no trace.
  const seen = await getRole(tx, id);
  if ((expectedVersion ?? seen.version) === seen.version && Object.keys(changesOf(seen, patch)).length === 0)
    return seen;
  const before = await lockRole(tx, id);
  if (expectedVersion !== undefined && before.version !== expectedVersion) throw roleChanged();
  if (before.builtIn) throw builtInRole();
  const changed = changesOf(before, patch);
  // The next apply gives a declared role back what is taken from it, whoever holds it by then.
  if ((changed.permissions || changed.inherits) && (await isDeclared(tx, id))) await assertMayGrantRoles(tx, [id]);
  if (changed.permissions) await replacePermissions(tx, before.id, patch.permissions ?? []);
  if (changed.inherits) await changeInheritance(tx, before, patch.inherits ?? []);
  await tx
    .table(RolesTable)
    .update(
      { id: before.id },
      {
        ...(patch.name === undefined ? {} : { name: patch.name }),
        ...(patch.description === undefined ? {} : { description: patch.description }),
        version: before.version + 1,
        updatedAt: tx.now,
      },
    )
    .catch(onRoleNameTaken);
  tx.record({ type: 'roles.updated', target: { type: 'role', id }, details: { changed } });
  tx.announce({ topic: 'access', key: '*' });
  return getRole(tx, id);
}

async function isDeclared(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.query('SELECT 1 FROM roles WHERE id = $1 AND managed_by IS NOT NULL', [id]);
  return rows.length > 0;
}

/** The role as it is, with its row locked until the end of the transaction. */
export async function lockRole(tx: Tx, id: string): Promise<Role> {
  if (!isUuid(id)) throw roleNotFound();
  await tx.query('SELECT 1 FROM roles WHERE id = $1 FOR NO KEY UPDATE', [id]);
  return getRole(tx, id);
}

export const roleChanged = () =>
  precondition('request.version_mismatch', { detail: 'the role was changed meanwhile; read it again' });

async function changeInheritance(tx: Tx, role: Role, names: readonly string[]): Promise<void> {
  const inherits = await resolveRoles(tx, names);
  const added = names.filter((name) => !role.inherits.includes(name));
  await assertMayGrantRoles(
    tx,
    [...inherits].filter(([name]) => added.includes(name)).map(([, id]) => id),
  );
  await replaceInheritance(tx, role.id, [...inherits.values()]);
}

/** Checked before it is written: a role of the actor's own must not vouch for what is being put into it. */
async function replacePermissions(tx: Tx, roleId: RoleId, permissions: GrantedPermissions): Promise<void> {
  const wanted = await resolvePermissions(tx, permissions);
  const held = await tx.query<{ id: PermissionId }>(
    'SELECT permission_id AS id FROM role_permissions WHERE role_id = $1',
    [roleId],
  );
  const had = new Set(held.map(({ id }) => id));
  await assertMayGrantPermissions(
    tx,
    wanted.filter((id) => !had.has(id)),
  );
  await tx.query('DELETE FROM role_permissions WHERE role_id = $1 AND permission_id <> ALL ($2::uuid[])', [
    roleId,
    wanted,
  ]);
  await tx.query(
    'INSERT INTO role_permissions (role_id, permission_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING',
    [roleId, wanted],
  );
}

type Changes = Partial<Record<keyof RolePatch, { readonly from?: unknown; readonly to?: unknown }>>;

function changesOf(before: Role, patch: RolePatch): Changes {
  const changes: Changes = {};
  if (patch.name !== undefined && patch.name !== before.name) changes.name = { from: before.name, to: patch.name };
  if (patch.description !== undefined && patch.description !== before.description)
    changes.description = { from: before.description, to: patch.description };
  if (patch.permissions && !isDeepStrictEqual(inOrder(patch.permissions), inOrder(before.permissions)))
    changes.permissions = { from: before.permissions, to: patch.permissions };
  if (patch.inherits && !isDeepStrictEqual([...patch.inherits].sort(), [...before.inherits].sort()))
    changes.inherits = { from: before.inherits, to: patch.inherits };
  return changes;
}

const inOrder = (permissions: GrantedPermissions): readonly string[] =>
  permissions.flatMap(({ resource, values }) => values.map((value) => `${resource} ${value}`)).sort();
