import { randomToken } from '../../kernel/crypto/derive.ts';
import { conflict } from '../../kernel/errors.ts';
import type { ClientId } from '../../kernel/ids.ts';
import { onConstraint, type Tx } from '../../persistence/unit-of-work.ts';
import type { ClientInput } from './client-input.ts';
import { needsSecret } from './client-metadata.ts';
import { generateClientSecret } from './client-secret.ts';
import type { ClientSecretKeeper } from './client-secret-keeper.ts';
import { type IssuedClientSecret, insertClientSecret, insertDeclaredSecret } from './client-secrets.ts';
import { settingColumns } from './client-state.ts';
import { ClientsTable } from './clients-table.ts';
import { onOrganizationUnknown } from './organization-unknown.ts';

export type ClientCreation = {
  readonly input: ClientInput;
  readonly keeper: ClientSecretKeeper;
  readonly managedBy?: string | undefined;
};

export type CreatedClient = {
  readonly clientId: ClientId;
  /** Only when it was generated: who sent one knows it. */
  readonly generated: IssuedClientSecret | undefined;
};

/**
 * Registers a client without its permissions; `admitClient` of the lifecycle room is the whole of it.
 * Throws conflict `clients.client_id_taken`, invalid `clients.organization_unknown`.
 */
export async function createClient(tx: Tx, { input, keeper, managedBy }: ClientCreation): Promise<CreatedClient> {
  const clientId = (input.client_id ?? randomToken(18)) as ClientId;
  const columns = settingColumns(input);
  await tx
    .table(ClientsTable)
    .insert({
      ...columns,
      clientId,
      enabled: input.enabled ?? true,
      // A client of this name may have been here before, and its tokens with it.
      accessValidFrom: tx.now,
      managedBy: managedBy ?? null,
      version: 1,
      createdAt: tx.now,
      updatedAt: tx.now,
    })
    .catch(onConstraint('clients_pkey', clientIdTaken))
    .catch(onOrganizationUnknown);
  const { metadata } = columns;
  const hasOwn = input.client_secret !== undefined || input.client_secret_hash !== undefined;
  if (input.client_secret_hash !== undefined)
    await insertDeclaredSecret(tx, { clientId, hash: input.client_secret_hash });
  const secret = input.client_secret ?? (needsSecret(metadata) && !hasOwn ? generateClientSecret() : undefined);
  const issued =
    secret === undefined ? undefined : await insertClientSecret(tx, { clientId, metadata, keeper, secret });
  const { client_secret, client_secret_hash, ...said } = input;
  const redacted = hasOwn || issued !== undefined ? { client_secret: { to: '[redacted]' } } : {};
  const changed = Object.fromEntries(
    Object.entries({ ...said, client_id: clientId }).map(([name, to]) => [name, { to }]),
  );
  tx.record({
    type: 'clients.created',
    target: { type: 'client', id: clientId },
    details: { changed: { ...changed, ...redacted } },
  });
  tx.announce({ topic: 'clients', key: clientId });
  return { clientId, generated: hasOwn ? undefined : issued };
}

export const clientIdTaken = () =>
  conflict('clients.client_id_taken', {
    detail: 'this client_id is taken',
    faults: [{ pointer: '/client_id', code: 'client_id_taken', detail: 'this client_id is taken' }],
  });
