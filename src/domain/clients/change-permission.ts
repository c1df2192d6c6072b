import { assertVersion } from '../../kernel/assert-version.ts';
import { conflict, invalid, notFound } from '../../kernel/errors.ts';
import { isUuid, newId, type PermissionId } from '../../kernel/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage, whereAll } from '../../persistence/keyset-page.ts';
import { onConstraint, type Reader, type Tx } from '../../persistence/unit-of-work.ts';
import { builtInResourceServer, lockResourceServer } from './find-resource-server.ts';
import { PermissionsTable } from './permissions-table.ts';
import type { Permission } from './resource-server.ts';
import type { PermissionInput, PermissionPatch } from './resource-server-input.ts';

/** A permission with the identifier of its resource server. */
export type ListedPermission = Permission & { readonly resource: string; readonly builtIn: boolean };

const SELECT = /* sql */ `
  SELECT permissions.id, permissions.resource_server_id AS "resourceServerId", permissions.value, permissions.description,
    permissions.version, permissions.created_at AS "createdAt", permissions.updated_at AS "updatedAt",
    servers.identifier AS resource, servers.built_in AS "builtIn"
  FROM permissions JOIN resource_servers servers ON servers.id = permissions.resource_server_id`;

/** Throws `not_found`, for a malformed id as well. */
export async function getPermission(read: Reader, id: string): Promise<ListedPermission> {
  const [found] = isUuid(id) ? await read.query<ListedPermission>(`${SELECT} WHERE permissions.id = $1`, [id]) : [];
  if (found === undefined) throw notFound('permissions.not_found', { detail: 'there is no permission with this id' });
  return found;
}

export type PermissionFilters = {
  readonly resourceServerId?: string | undefined;
  /** Identifier of the resource server. */
  readonly resource?: string | undefined;
  readonly value?: string | undefined;
};

/** Permissions that match all filters, by id, oldest first. */
export async function searchPermissions(
  read: Reader,
  { filters, cursor, limit }: PageRequest & { readonly filters: PermissionFilters },
): Promise<Page<ListedPermission>> {
  const { where, parameters } = whereAll({
    'permissions.resource_server_id =': filters.resourceServerId,
    'servers.identifier =': filters.resource,
    'permissions.value =': filters.value,
    'permissions.id >': cursor === undefined ? undefined : decodeCursor(cursor, isUuid),
  });
  parameters.push(limit + 1);
  const rows = await read.query<ListedPermission>(
    `${SELECT} ${where}
     ORDER BY permissions.id LIMIT $${parameters.length}`,
    parameters,
  );
  return toPage(rows, limit, (permission) => permission.id);
}

/** Throws invalid for an unknown resource server, conflict `permissions.value_taken` | `resource_servers.built_in`. */
export async function createPermission(tx: Tx, input: PermissionInput): Promise<ListedPermission> {
  const server = await lockResourceServer(tx, { id: input.resourceServerId }).catch(asReference);
  const id = newId<PermissionId>(tx.now.getTime());
  const { resourceServerId, value, description = null } = input;
  await tx
    .table(PermissionsTable)
    .insert({ id, resourceServerId, value, description, version: 1, createdAt: tx.now, updatedAt: tx.now })
    .catch(onConstraint('permissions_value_key', valueTaken));
  tx.record({
    type: 'permissions.created',
    target: { type: 'permission', id },
    details: { resource: server.identifier, changed: { value: { to: value }, description: { to: description } } },
  });
  tx.announce({ topic: 'resource-servers', key: server.id });
  return getPermission(tx, id);
}

export type PermissionChange = {
  readonly id: string;
  readonly expectedVersion?: number | undefined;
  readonly patch: PermissionPatch;
};

/** Throws not_found, conflict `resource_servers.built_in`, precondition `request.version_mismatch`. */
export async function updatePermission(tx: Tx, change: PermissionChange): Promise<ListedPermission> {
  const { description } = change.patch;
  // What changes nothing takes no lock and leaves no trace.
  const seen = await getPermission(tx, change.id);
  const isStale = change.expectedVersion !== undefined && change.expectedVersion !== seen.version;
  if (!isStale && (description === undefined || description === seen.description)) return seen;
  const before = await lockPermission(tx, change);
  await tx
    .table(PermissionsTable)
    .update(
      { id: before.id },
      { ...(description === undefined ? {} : { description }), version: before.version + 1, updatedAt: tx.now },
    );
  tx.record({
    type: 'permissions.updated',
    target: { type: 'permission', id: before.id },
    details: { changed: { description: { from: before.description, to: description } } },
  });
  tx.announce({ topic: 'resource-servers', key: before.resourceServerId });
  return getPermission(tx, before.id);
}

/** Takes the permission from every role and client that has it. Throws as {@link updatePermission}. */
export async function deletePermission(tx: Tx, reference: Omit<PermissionChange, 'patch'>): Promise<void> {
  const { id, resource, resourceServerId, value } = await lockPermission(tx, reference);
  await tx.table(PermissionsTable).delete({ id });
  tx.record({ type: 'permissions.deleted', target: { type: 'permission', id }, details: { resource, value } });
  tx.announce({ topic: 'resource-servers', key: resourceServerId });
  tx.announce({ topic: 'access', key: '*' });
}

async function lockPermission(
  tx: Tx,
  { id, expectedVersion }: Omit<PermissionChange, 'patch'>,
): Promise<ListedPermission> {
  if (isUuid(id)) await tx.query('SELECT 1 FROM permissions WHERE id = $1 FOR NO KEY UPDATE', [id]);
  const found = await getPermission(tx, id);
  assertVersion('permission', found.version, expectedVersion);
  if (found.builtIn) throw builtInResourceServer();
  return found;
}

const valueTaken = () =>
  conflict('permissions.value_taken', {
    detail: 'this resource server has a permission with this value',
    faults: [{ pointer: '/value', code: 'value_taken', detail: 'this resource server has it already' }],
  });

/** What is not found by an id in the body is a fault of the body. */
function asReference(error: unknown): never {
  if (error instanceof Error && 'kind' in error && error.kind === 'not_found')
    throw invalid('permissions.unknown_resource_server', {
      detail: 'there is no such resource server',
      faults: [{ pointer: '/resourceServerId', detail: 'there is no resource server with this id' }],
    });
  throw error;
}
