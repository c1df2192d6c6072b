import { newId } from '../../kernel/ids.ts';
import { advisoryLocks } from '../../persistence/advisory-lock.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { ADMIN_RESOURCE, ADMINISTRATOR_ROLE } from './admin-permissions.ts';
import { type BuiltInResourceServer, builtInResourceServers } from './built-in-resource-servers.ts';

const ROLE_DESCRIPTION = 'May do everything in the admin API';

/** Each statement writes only where something is missing or different, so that an ordinary start changes nothing. */
const STEPS = {
  resourceServer: /* sql */ `
    INSERT INTO resource_servers (id, identifier, name, access_token_format, access_token_type, access_token_lifetime_seconds,
      signing_alg, built_in, created_at, updated_at)
    SELECT $1, $2, $3, 'jwt', 'at+jwt', 300, 'ES256', true, $4, $4
    WHERE NOT EXISTS (SELECT FROM resource_servers WHERE identifier = $2)
    RETURNING identifier AS changed`,
  newPermissions: /* sql */ `
    INSERT INTO permissions (id, resource_server_id, value, description, created_at, updated_at)
    SELECT wanted.id, servers.id, wanted.value, wanted.description, $4, $4
    FROM unnest($1::uuid[], $2::text[], $3::text[]) AS wanted (id, value, description)
    JOIN resource_servers servers ON servers.identifier = $5
    WHERE NOT EXISTS (SELECT FROM permissions p WHERE p.resource_server_id = servers.id AND p.value = wanted.value)
    RETURNING value AS changed`,
  descriptions: /* sql */ `
    WITH changed AS (
      UPDATE permissions SET description = wanted.description, version = permissions.version + 1, updated_at = $3
      FROM unnest($1::text[], $2::text[]) AS wanted (value, description), resource_servers servers
      WHERE servers.identifier = $4 AND permissions.resource_server_id = servers.id
        AND permissions.value = wanted.value AND permissions.description IS DISTINCT FROM wanted.description
      RETURNING permissions.value)
    SELECT value AS changed FROM changed`,
  oldPermissions: /* sql */ `
    WITH removed AS (
      DELETE FROM permissions USING resource_servers servers
      WHERE servers.identifier = $2 AND permissions.resource_server_id = servers.id AND permissions.value <> ALL ($1::text[])
      RETURNING permissions.value)
    SELECT value AS changed FROM removed`,
  role: /* sql */ `
    INSERT INTO roles (id, name, description, built_in, created_at, updated_at)
    SELECT $1, $2, $3, true, $4, $4 WHERE NOT EXISTS (SELECT FROM roles WHERE name = $2)
    RETURNING name AS changed`,
  rolePermissions: /* sql */ `
    INSERT INTO role_permissions (role_id, permission_id)
    SELECT roles.id, permissions.id
    FROM roles, permissions JOIN resource_servers servers ON servers.id = permissions.resource_server_id
    WHERE roles.name = $1 AND servers.identifier = $2
      AND NOT EXISTS (SELECT FROM role_permissions held WHERE held.role_id = roles.id AND held.permission_id = permissions.id)
    RETURNING permission_id AS changed`,
} as const;

/** Brings the built-in resource servers, their permissions and the role `administrator` to what this version knows; at each start. */
export async function ensureBuiltIns(tx: Tx): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [advisoryLocks.bootstrap]);
  for (const server of builtInResourceServers) await ensureServer(tx, server);
}

async function ensureServer(tx: Tx, { identifier, name, permissions }: BuiltInResourceServer): Promise<void> {
  const values = Object.keys(permissions);
  const descriptions = Object.values(permissions);
  const changed: Record<string, string[]> = {};
  const step = async (name: keyof typeof STEPS, parameters: readonly unknown[]): Promise<void> => {
    const rows = await tx.query<{ changed: string }>(STEPS[name], parameters);
    if (rows.length > 0) changed[name] = rows.map((row) => row.changed);
  };

  await step('resourceServer', [newId(), identifier, name, tx.now]);
  const ids = values.map(() => newId());
  await step('newPermissions', [ids, values, descriptions, tx.now, identifier]);
  await step('descriptions', [values, descriptions, tx.now, identifier]);
  await step('oldPermissions', [values, identifier]);
  if (identifier === ADMIN_RESOURCE) {
    await step('role', [newId(), ADMINISTRATOR_ROLE, ROLE_DESCRIPTION, tx.now]);
    await step('rolePermissions', [ADMINISTRATOR_ROLE, identifier]);
  }

  if (Object.keys(changed).length === 0) return;
  tx.record({
    type: 'built-ins.ensured',
    target: { type: 'resource_server', id: identifier },
    details: { changed },
  });
  tx.announce({ topic: 'resource-servers', key: '*' });
  tx.announce({ topic: 'access', key: '*' });
}
