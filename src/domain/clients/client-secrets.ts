import { conflict, invalid, notFound } from '../../kernel/errors.ts';
import { isUuid, newId } from '../../kernel/ids.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import { needsRecoverableSecret, needsSecret } from './client-metadata.ts';
import type { ClientMetadata } from './client-record.ts';
import { generateClientSecret } from './client-secret.ts';
import type { ClientSecretKeeper } from './client-secret-keeper.ts';
import { ClientSecretsTable } from './client-secrets-table.ts';
import { lockClient } from './registered-client.ts';

/** A secret without the secret. */
export type ListedClientSecret = {
  readonly id: string;
  readonly createdAt: Date;
  /** Null: no end. */
  readonly expiresAt: Date | null;
};

/** The one moment in which a generated secret is readable. */
export type IssuedClientSecret = ListedClientSecret & { readonly secret: string };

/** 24 hours: long enough for a deployment, short enough to be over. */
const CHANGE_OVER_SECONDS = 86_400;

/** The secrets of a client, newest first; expired ones until the next rotation removes them. */
export function listClientSecrets(read: Reader, clientId: string): Promise<readonly ListedClientSecret[]> {
  return read.query<ListedClientSecret>(
    `SELECT id, created_at AS "createdAt", expires_at AS "expiresAt" FROM client_secrets
     WHERE client_id = $1 ORDER BY created_at DESC, id DESC`,
    [clientId],
  );
}

export type NewClientSecret = {
  readonly clientId: string;
  readonly metadata: ClientMetadata;
  readonly keeper: ClientSecretKeeper;
  readonly secret: string;
};

export async function insertClientSecret(tx: Tx, input: NewClientSecret): Promise<IssuedClientSecret> {
  const id = newId(tx.now.getTime());
  const envelope = needsRecoverableSecret(input.metadata) ? input.keeper.seal(id, input.secret) : null;
  const hash = input.keeper.hash(input.secret);
  await tx
    .table(ClientSecretsTable)
    .insert({ id, clientId: input.clientId, hash, envelope, createdAt: tx.now, expiresAt: null });
  return { id, createdAt: tx.now, expiresAt: null, secret: input.secret };
}

/** A hash made elsewhere (`sha256$…`). */
export async function insertDeclaredSecret(
  tx: Tx,
  { clientId, hash }: { clientId: string; hash: string },
): Promise<void> {
  const id = newId(tx.now.getTime());
  await tx.table(ClientSecretsTable).insert({ id, clientId, hash, envelope: null, createdAt: tx.now, expiresAt: null });
}

export type SecretRotation = {
  readonly clientId: string;
  readonly keeper: ClientSecretKeeper;
  /** When the secret in use until now stops working; 24 hours from now unless told, now at the earliest. */
  readonly previousExpiresAt?: Date | undefined;
};

/**
 * A new secret beside the one in use, which ends at `previousExpiresAt`: two are valid during the change-over, never three.
 * Throws not_found, invalid `clients.no_secret` for a client that has none.
 */
export async function rotateClientSecret(tx: Tx, input: SecretRotation): Promise<IssuedClientSecret> {
  const client = await lockClient(tx, input);
  if (!needsSecret(client.metadata)) throw noSecret();
  const previousExpiresAt = await endEarlierSecrets(tx, input);
  const issued = await insertClientSecret(tx, {
    clientId: input.clientId,
    metadata: client.metadata,
    keeper: input.keeper,
    secret: generateClientSecret(),
  });
  tx.record({
    type: 'client-secrets.rotated',
    target: { type: 'client', id: input.clientId },
    details: { secretId: issued.id, previousExpiresAt },
  });
  tx.announce({ topic: 'clients', key: input.clientId });
  return issued;
}

/** The newest secret ends at the time given, older ones now: there is room for one more. */
export async function endEarlierSecrets(
  tx: Tx,
  { clientId, previousExpiresAt: wanted }: Pick<SecretRotation, 'clientId' | 'previousExpiresAt'>,
): Promise<Date> {
  const previousExpiresAt = wanted ?? new Date(tx.now.getTime() + CHANGE_OVER_SECONDS * 1000);
  await tx.query(
    `WITH ranked AS (
       SELECT id, row_number() OVER (ORDER BY created_at DESC, id DESC) AS age FROM client_secrets
       WHERE client_id = $1 AND (expires_at IS NULL OR expires_at > $2)
     ), removed AS (
       DELETE FROM client_secrets WHERE client_id = $1 AND id NOT IN (SELECT id FROM ranked WHERE age = 1 AND $3::timestamptz > $2)
     )
     UPDATE client_secrets SET expires_at = least(expires_at, $3::timestamptz)
     WHERE id IN (SELECT id FROM ranked WHERE age = 1) AND $3::timestamptz > $2`,
    [clientId, tx.now, previousExpiresAt],
  );
  return previousExpiresAt;
}

/** Throws not_found, conflict `clients.last_secret` for the only valid one: rotate instead. */
export async function deleteClientSecret(
  tx: Tx,
  { clientId, secretId }: { readonly clientId: string; readonly secretId: string },
): Promise<void> {
  await lockClient(tx, { clientId });
  const secrets = await listClientSecrets(tx, clientId);
  if (!isUuid(secretId) || !secrets.some(({ id }) => id === secretId))
    throw notFound('clients.secret_not_found', { detail: 'this client has no secret with this id' });
  const isValid = ({ expiresAt }: ListedClientSecret): boolean => expiresAt === null || expiresAt > tx.now;
  if (
    !secrets.some((secret) => secret.id !== secretId && isValid(secret)) &&
    secrets.some((secret) => secret.id === secretId && isValid(secret))
  )
    throw conflict('clients.last_secret', {
      detail: 'this is the only secret that works; issue a new one with previousExpiresAt set to now instead',
    });
  await tx.table(ClientSecretsTable).delete({ id: secretId });
  tx.record({ type: 'client-secrets.deleted', target: { type: 'client', id: clientId }, details: { secretId } });
  tx.announce({ topic: 'clients', key: clientId });
}

export const noSecret = () =>
  invalid('clients.no_secret', { detail: 'a client with this token_endpoint_auth_method has no secret' });
