/**
 * The clients room owns applications (RFC 7591), their secrets and permissions, resource servers (RFC 8707) and consents.
 * It does not own what was issued to a client (sessions) nor the roles it has (access).
 */
import { assertVersion } from '../../kernel/assert-version.ts';
import { notFound } from '../../kernel/errors.ts';
import type { ClientId } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { decodeCursor, type Page, type PageRequest, toPage, whereAll } from '../../persistence/keyset-page.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import type { ClientMetadata } from './client-record.ts';
import type { GrantedPermissions } from './granted-permissions.ts';

/** A client as administrators see it: no secret and no hash of one. */
export type RegisteredClient = {
  readonly clientId: ClientId;
  readonly clientName: string | null;
  readonly enabled: boolean;
  readonly firstParty: boolean;
  readonly requirePkce: boolean;
  readonly claimsInIdToken: boolean;
  /** Null: the origins of the redirect URIs. */
  readonly allowedCorsOrigins: readonly string[] | null;
  readonly securityProfile: string | null;
  /** Null: all. */
  readonly scimAttributes: readonly string[] | null;
  /** Null: it reaches everything that its permissions are about. */
  readonly organizationId: string | null;
  readonly metadata: ClientMetadata;
  readonly permissions: GrantedPermissions;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

const COLUMNS = /* sql */ `
  clients.client_id AS "clientId", clients.client_name AS "clientName", clients.enabled, clients.first_party AS "firstParty",
  clients.require_pkce AS "requirePkce", clients.claims_in_id_token AS "claimsInIdToken",
  clients.allowed_cors_origins AS "allowedCorsOrigins", clients.security_profile AS "securityProfile", clients.scim_attributes AS "scimAttributes",
  clients.organization_id AS "organizationId", clients.metadata,
  clients.version, clients.created_at AS "createdAt", clients.updated_at AS "updatedAt",
  (SELECT coalesce(json_agg(json_build_object('resource', given.identifier, 'values', given.values) ORDER BY given.identifier), '[]')
    FROM (
      SELECT servers.identifier, json_agg(permissions.value ORDER BY permissions.value) AS values
      FROM client_permissions
      JOIN permissions ON permissions.id = client_permissions.permission_id
      JOIN resource_servers servers ON servers.id = permissions.resource_server_id
      WHERE client_permissions.client_id = clients.client_id GROUP BY servers.identifier) given) AS permissions`;

/** Throws `not_found`. */
export async function getRegisteredClient(read: Reader, clientId: string): Promise<RegisteredClient> {
  const [client] = await read.query<RegisteredClient>(`SELECT ${COLUMNS} FROM clients WHERE client_id = $1`, [
    clientId,
  ]);
  if (client === undefined) throw clientNotFound();
  return client;
}

/** Those of these that exist, in one query. */
export function findRegisteredClients(
  read: Reader,
  clientIds: readonly string[],
): Promise<readonly RegisteredClient[]> {
  return read.query<RegisteredClient>(`SELECT ${COLUMNS} FROM clients WHERE client_id = ANY ($1::text[])`, [clientIds]);
}

/** The client as it is, with its row locked until the end of the transaction. */
export async function lockClient(
  tx: Tx,
  { clientId, expectedVersion }: { readonly clientId: string; readonly expectedVersion?: number | undefined },
): Promise<RegisteredClient> {
  await tx.query('SELECT 1 FROM clients WHERE client_id = $1 FOR NO KEY UPDATE', [clientId]);
  const client = await getRegisteredClient(tx, clientId);
  assertVersion('client', client.version, expectedVersion);
  return client;
}

export type ClientFilters = {
  readonly clientId?: string | undefined;
  /** Without regard to case. */
  readonly clientName?: string | undefined;
};

/** Clients that match all filters, by `client_id`. */
export async function searchClients(
  read: Reader,
  { filters, cursor, limit }: PageRequest & { readonly filters: ClientFilters },
): Promise<Page<RegisteredClient>> {
  const { where, parameters } = whereAll({
    'client_id =': filters.clientId,
    'client_name_key =': filters.clientName === undefined ? undefined : comparisonKey(filters.clientName),
    'client_id >': cursor === undefined ? undefined : decodeCursor(cursor, (text) => /^[\x21-\x7E]+$/.test(text)),
  });
  parameters.push(limit + 1);
  const rows = await read.query<RegisteredClient>(
    `SELECT ${COLUMNS} FROM clients ${where}
     ORDER BY client_id LIMIT $${parameters.length}`,
    parameters,
  );
  return toPage(rows, limit, (client) => client.clientId);
}

export const clientNotFound = () => notFound('clients.not_found', { detail: 'there is no client with this client_id' });
