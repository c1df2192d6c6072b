/**
 * The access room owns roles, what they inherit and permit, who has them, and what follows (NIST RBAC, INCITS 359).
 * It does not own permissions themselves (resource servers do, in the clients room) nor people and groups.
 */
import { conflict, notFound } from '../../kernel/errors.ts';
import { isUuid, type RoleId } from '../../kernel/ids.ts';
import { onConstraint, type Reader } from '../../persistence/unit-of-work.ts';
import type { GrantedPermissions } from '../clients/granted-permissions.ts';

export type Role = {
  readonly id: RoleId;
  readonly name: string;
  readonly description: string | null;
  readonly builtIn: boolean;
  readonly permissions: GrantedPermissions;
  /** Names of the roles whose permissions this one has as well, sorted. */
  readonly inherits: readonly string[];
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** `SELECT` list for a {@link Role} from `roles`. */
export const ROLE_COLUMNS = /* sql */ `
  roles.id, roles.name, roles.description, roles.built_in AS "builtIn", roles.version,
  roles.created_at AS "createdAt", roles.updated_at AS "updatedAt",
  (SELECT coalesce(json_agg(json_build_object('resource', given.identifier, 'values', given.values) ORDER BY given.identifier), '[]')
    FROM (
      SELECT servers.identifier, json_agg(permissions.value ORDER BY permissions.value) AS values
      FROM role_permissions
      JOIN permissions ON permissions.id = role_permissions.permission_id
      JOIN resource_servers servers ON servers.id = permissions.resource_server_id
      WHERE role_permissions.role_id = roles.id GROUP BY servers.identifier) given) AS permissions,
  ARRAY(SELECT inherited.name FROM role_inheritance JOIN roles inherited ON inherited.id = role_inheritance.inherits_role_id
    WHERE role_inheritance.role_id = roles.id ORDER BY inherited.name) AS inherits`;

export async function findRole(read: Reader, id: string): Promise<Role | undefined> {
  if (!isUuid(id)) return undefined;
  const [role] = await read.query<Role>(`SELECT ${ROLE_COLUMNS} FROM roles WHERE id = $1`, [id]);
  return role;
}

/** Throws `not_found`, for a malformed id as well. */
export async function getRole(read: Reader, id: string): Promise<Role> {
  const role = await findRole(read, id);
  if (role === undefined) throw roleNotFound();
  return role;
}

export async function findRoleByName(read: Reader, name: string): Promise<Role | undefined> {
  const [role] = await read.query<Role>(`SELECT ${ROLE_COLUMNS} FROM roles WHERE name = $1`, [name]);
  return role;
}

export const roleNotFound = () => notFound('roles.not_found', { detail: 'there is no role with this id' });

export const builtInRole = () =>
  conflict('roles.built_in', { detail: 'the role administrator belongs to the product and cannot be changed' });

export const onRoleNameTaken = onConstraint('roles_name_key', () =>
  conflict('roles.name_taken', {
    detail: 'another role has this name',
    faults: [{ pointer: '/name', code: 'name_taken', detail: 'another role has this name' }],
  }),
);
