import { assertVersion } from '../../kernel/assert-version.ts';
import { conflict, notFound } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import type { ResourceServer } from './resource-server.ts';

/** A resource server with the values of its permissions. */
export type DescribedResourceServer = ResourceServer & {
  readonly permissions: readonly { readonly value: string; readonly description: string | null }[];
};

const COLUMNS = /* sql */ `
  servers.id, servers.identifier, servers.name, servers.access_token_format AS "accessTokenFormat",
  servers.access_token_type AS "accessTokenType", servers.access_token_lifetime_seconds AS "accessTokenLifetimeSeconds",
  servers.signing_alg AS "signingAlg", servers.built_in AS "builtIn", servers.managed_by AS "managedBy", servers.version,
  servers.created_at AS "createdAt", servers.updated_at AS "updatedAt",
  (SELECT coalesce(json_agg(json_build_object('value', p.value, 'description', p.description) ORDER BY p.value), '[]')
    FROM permissions p WHERE p.resource_server_id = servers.id) AS permissions`;

/** Throws `not_found`, for a malformed id as well. */
export async function getResourceServer(read: Reader, id: string): Promise<DescribedResourceServer> {
  const [found] = isUuid(id)
    ? await read.query<DescribedResourceServer>(`SELECT ${COLUMNS} FROM resource_servers servers WHERE id = $1`, [id])
    : [];
  if (found === undefined) throw resourceServerNotFound();
  return found;
}

export async function findResourceServer(
  read: Reader,
  identifier: string,
): Promise<DescribedResourceServer | undefined> {
  const [found] = await read.query<DescribedResourceServer>(
    `SELECT ${COLUMNS} FROM resource_servers servers WHERE identifier = $1`,
    [identifier],
  );
  return found;
}

/** The resource server as it is, with its row locked; built-in ones are refused. */
export async function lockResourceServer(
  tx: Tx,
  { id, expectedVersion }: { readonly id: string; readonly expectedVersion?: number | undefined },
): Promise<DescribedResourceServer> {
  if (!isUuid(id)) throw resourceServerNotFound();
  await tx.query('SELECT 1 FROM resource_servers WHERE id = $1 FOR NO KEY UPDATE', [id]);
  const found = await getResourceServer(tx, id);
  assertVersion('resource server', found.version, expectedVersion);
  if (found.builtIn) throw builtInResourceServer();
  return found;
}

/** Resource servers by id, oldest first; `identifier` is compared exactly. */
export async function searchResourceServers(
  read: Reader,
  { identifier, cursor, limit }: PageRequest & { readonly identifier?: string | undefined },
): Promise<Page<DescribedResourceServer>> {
  const rows = await read.query<DescribedResourceServer>(
    `SELECT ${COLUMNS} FROM resource_servers servers
     WHERE ($1::uuid IS NULL OR servers.id > $1) AND ($2::text IS NULL OR servers.identifier = $2)
     ORDER BY servers.id LIMIT $3`,
    [cursor === undefined ? null : decodeCursor(cursor, isUuid), identifier ?? null, limit + 1],
  );
  return toPage(rows, limit, (server) => server.id);
}

export const resourceServerNotFound = () =>
  notFound('resource_servers.not_found', { detail: 'there is no resource server with this id' });

export const builtInResourceServer = () =>
  conflict('resource_servers.built_in', {
    detail: 'this resource server belongs to the product and cannot be changed',
  });
