import { isDeepStrictEqual } from 'node:util';
import { conflict } from '../../kernel/errors.ts';
import { newId, type ResourceServerId } from '../../kernel/ids.ts';
import { onConstraint, type Tx } from '../../persistence/unit-of-work.ts';
import { type DescribedResourceServer, getResourceServer, lockResourceServer } from './find-resource-server.ts';
import type { ResourceServerInput, ResourceServerPatch } from './resource-server-input.ts';
import { ResourceServersTable } from './resource-servers-table.ts';

type WantedPermissions = ResourceServerInput['permissions'];

/** Throws conflict `resource_servers.identifier_taken`. */
export async function createResourceServer(
  tx: Tx,
  { permissions, managedBy, ...input }: ResourceServerInput & { readonly managedBy?: string },
): Promise<DescribedResourceServer> {
  const id = newId<ResourceServerId>(tx.now.getTime());
  const moments = { createdAt: tx.now, updatedAt: tx.now };
  await tx
    .table(ResourceServersTable)
    .insert({ ...input, id, builtIn: false, managedBy: managedBy ?? null, version: 1, ...moments })
    .catch(onConstraint('resource_servers_identifier_key', identifierTaken));
  await replacePermissions(tx, id, permissions);
  const changed = Object.entries({ ...input, permissions }).map(([name, to]) => [name, { to }]);
  tx.record({
    type: 'resource-servers.created',
    target: { type: 'resource_server', id },
    details: { changed: Object.fromEntries(changed) },
  });
  tx.announce({ topic: 'resource-servers', key: id });
  return getResourceServer(tx, id);
}

export type ResourceServerChange = {
  readonly id: string;
  readonly expectedVersion?: number | undefined;
  readonly patch: ResourceServerPatch;
};

/** Throws not_found, conflict `resource_servers.built_in`, precondition `request.version_mismatch`. */
export async function updateResourceServer(tx: Tx, change: ResourceServerChange): Promise<DescribedResourceServer> {
  // What changes nothing takes no lock and leaves no trace.
  const seen = await getResourceServer(tx, change.id);
  const isStale = change.expectedVersion !== undefined && change.expectedVersion !== seen.version;
  if (!isStale && Object.keys(changesOf(seen, change.patch)).length === 0) return seen;
  const before = await lockResourceServer(tx, change);
  const { permissions, ...settings } = change.patch;
  const changed = changesOf(before, change.patch);
  await tx
    .table(ResourceServersTable)
    .update({ id: before.id }, { ...settings, version: before.version + 1, updatedAt: tx.now });
  if (permissions !== undefined && 'permissions' in changed) {
    await replacePermissions(tx, before.id, permissions);
    tx.announce({ topic: 'access', key: '*' });
  }
  tx.record({
    type: 'resource-servers.updated',
    target: { type: 'resource_server', id: before.id },
    details: { changed },
  });
  tx.announce({ topic: 'resource-servers', key: before.id });
  return getResourceServer(tx, before.id);
}

/** Deletes the resource server and its permissions, from everyone who has them. Throws as {@link updateResourceServer}. */
export async function deleteResourceServer(
  tx: Tx,
  reference: { readonly id: string; readonly expectedVersion?: number | undefined },
): Promise<void> {
  const { id, identifier, permissions } = await lockResourceServer(tx, reference);
  await tx.table(ResourceServersTable).delete({ id });
  tx.record({
    type: 'resource-servers.deleted',
    target: { type: 'resource_server', id },
    details: { identifier, permissions: permissions.map(({ value }) => value) },
  });
  tx.announce({ topic: 'resource-servers', key: id });
  tx.announce({ topic: 'access', key: '*' });
}

/** What stays keeps its id, and so the roles and clients that have it. */
async function replacePermissions(tx: Tx, id: ResourceServerId, permissions: WantedPermissions): Promise<void> {
  const values = permissions.map(({ value }) => value);
  const descriptions = permissions.map(({ description }) => description ?? null);
  await tx.query('DELETE FROM permissions WHERE resource_server_id = $1 AND value <> ALL ($2::text[])', [id, values]);
  await tx.query(
    `INSERT INTO permissions (id, resource_server_id, value, description, created_at, updated_at)
     SELECT wanted.id, $1, wanted.value, wanted.description, $5, $5
     FROM unnest($2::uuid[], $3::text[], $4::text[]) AS wanted (id, value, description)
     ON CONFLICT ON CONSTRAINT permissions_value_key DO UPDATE
     SET description = excluded.description, version = permissions.version + 1, updated_at = excluded.updated_at
     WHERE permissions.description IS DISTINCT FROM excluded.description`,
    [id, permissions.map(() => newId(tx.now.getTime())), values, descriptions, tx.now],
  );
}

type Changes = Record<string, { readonly from: unknown; readonly to: unknown }>;

function changesOf(before: DescribedResourceServer, patch: ResourceServerPatch): Changes {
  const was = new Map<string, unknown>(Object.entries({ ...before, permissions: inOrder(before.permissions) }));
  const changes: Changes = {};
  for (const [name, value] of Object.entries(patch)) {
    const to = Array.isArray(value) ? inOrder(value) : value;
    if (!isDeepStrictEqual(was.get(name), to)) changes[name] = { from: was.get(name), to };
  }
  return changes;
}

const inOrder = (permissions: readonly Readonly<WantedPermissions[number]>[]) =>
  permissions
    .map(({ value, description }) => ({ value, description: description ?? null }))
    .sort((a, b) => (a.value < b.value ? -1 : 1));

const identifierTaken = () =>
  conflict('resource_servers.identifier_taken', {
    detail: 'another resource server has this identifier',
    faults: [
      { pointer: '/identifier', code: 'identifier_taken', detail: 'another resource server has this identifier' },
    ],
  });
