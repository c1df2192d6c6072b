import type { Tx } from '../../persistence/unit-of-work.ts';
import type { ClientMetadata } from './client-record.ts';

export type RegisteredClient = {
  readonly clientId: string;
  /** As the provider checked it (RFC 7591 §2), without the secret. */
  readonly metadata: ClientMetadata;
  readonly secret: { readonly id: string; readonly hash: string; readonly envelope: Buffer | undefined } | undefined;
};

const OWN_COLUMNS: ReadonlySet<string> = new Set([
  'client_id',
  'client_name',
  'client_secret',
  'client_secret_expires_at',
]);

/**
 * RFC 7591 registration and RFC 7592 update by the client itself. It can never make itself first-party, switch off PKCE or
 * switch itself back on: those columns are set once, here, and left alone afterwards (SECURITY-LESSONS 8).
 */
export async function registerClient(tx: Tx, { clientId, metadata, secret }: RegisteredClient): Promise<void> {
  const kept = Object.fromEntries(Object.entries(metadata).filter(([name]) => !OWN_COLUMNS.has(name)));
  const name = typeof metadata.client_name === 'string' ? metadata.client_name : null;
  const [row] = await tx.query<{ isNew: boolean }>(
    `WITH kept AS (
       INSERT INTO clients AS c (client_id, client_name, client_name_key, enabled, first_party, require_pkce,
         claims_in_id_token, metadata, managed_by, access_valid_from, created_at, updated_at)
       VALUES ($1, $2, lower($2), true, false, true, false, $3, 'registration', $4, $4, $4)
       ON CONFLICT ON CONSTRAINT clients_pkey DO UPDATE SET client_name = EXCLUDED.client_name,
         client_name_key = EXCLUDED.client_name_key, metadata = EXCLUDED.metadata, version = c.version + 1, updated_at = $4
       RETURNING version)
     SELECT version = 1 AS "isNew" FROM kept`,
    [clientId, name, JSON.stringify(kept), tx.now],
  );
  if (secret) {
    await tx.query('DELETE FROM client_secrets WHERE client_id = $1', [clientId]);
    await tx.query(
      'INSERT INTO client_secrets (id, client_id, hash, envelope, created_at) VALUES ($1, $2, $3, $4, $5)',
      [secret.id, clientId, secret.hash, secret.envelope ?? null, tx.now],
    );
  }
  const type = row?.isNew ? 'clients.registered' : 'clients.reregistered';
  tx.record({ type, target: { type: 'client', id: clientId }, clientId, details: { metadata: kept } });
  tx.announce({ topic: 'clients', key: clientId });
}
