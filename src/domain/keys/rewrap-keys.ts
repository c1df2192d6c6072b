import { EnvelopeError, envelopeKeyId, rewrapEnvelope } from '../../kernel/crypto/envelope.ts';
import { type KeyEncryptionKey, keyEncryptionKeyId } from '../../kernel/crypto/key-encryption-key.ts';
import { conflict } from '../../kernel/errors.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { secretContext } from './key-rows.ts';
import { lockKeys } from './lock-keys.ts';
import { type KeyState, keyIdText, signingKeyContext } from './signing-key.ts';

/** The envelope context of `client_secrets.envelope`; the room above seals with it, this one changes the key. */
export const clientSecretContext = (id: string): string => `client_secret:${id}`;

/** The envelope context of `signal_streams.authorization_envelope`. */
export const streamHeaderContext = (id: string): string => `signal_stream:${id}`;

/** The envelope context of `provisioning_targets.secret_envelope`. */
export const targetSecretContext = (id: string): string => `provisioning_target:${id}`;

/** The envelope context of `kept_mails.envelope`, as above. */
export const keptMailContext = (id: string): string => `kept_mail:${id}`;

/** The envelope context of `totp_credentials.envelope`, as above. */
export const totpContext = (userId: string): string => `totp:${userId}`;

type Sealed = { readonly id: string; readonly context: string; readonly envelope: Buffer };

/** Every table that holds envelopes: how they are read, and how they are written back. */
const holders = [
  {
    name: 'secrets',
    select: 'SELECT name AS id, NULL AS state, envelope FROM secrets ORDER BY name FOR UPDATE',
    update: `UPDATE secrets SET envelope = made.envelope FROM unnest($1::text[], $2::bytea[]) AS made (id, envelope)
             WHERE secrets.name = made.id`,
    context: (id: string) => secretContext(id),
  },
  {
    name: 'signing_keys',
    select: `SELECT kid AS id, state, private_jwk_envelope AS envelope FROM signing_keys
             WHERE private_jwk_envelope IS NOT NULL ORDER BY kid FOR UPDATE`,
    update: `UPDATE signing_keys SET private_jwk_envelope = made.envelope
             FROM unnest($1::text[], $2::bytea[]) AS made (id, envelope) WHERE signing_keys.kid = made.id`,
    context: (id: string, state: KeyState | null) => signingKeyContext(id, state ?? 'active'),
  },
  {
    name: 'client_secrets',
    select: `SELECT id::text AS id, NULL AS state, envelope FROM client_secrets
             WHERE envelope IS NOT NULL ORDER BY client_secrets.id FOR UPDATE`,
    update: `UPDATE client_secrets SET envelope = made.envelope
             FROM unnest($1::uuid[], $2::bytea[]) AS made (id, envelope) WHERE client_secrets.id = made.id`,
    context: (id: string) => clientSecretContext(id),
  },
  {
    name: 'signal_streams',
    select: `SELECT id::text AS id, NULL AS state, authorization_envelope AS envelope FROM signal_streams
             WHERE authorization_envelope IS NOT NULL ORDER BY signal_streams.id FOR UPDATE`,
    update: `UPDATE signal_streams SET authorization_envelope = made.envelope
             FROM unnest($1::uuid[], $2::bytea[]) AS made (id, envelope) WHERE signal_streams.id = made.id`,
    context: (id: string) => streamHeaderContext(id),
  },
  {
    name: 'provisioning_targets',
    select: `SELECT id::text AS id, NULL AS state, secret_envelope AS envelope FROM provisioning_targets
             ORDER BY provisioning_targets.id FOR UPDATE`,
    update: `UPDATE provisioning_targets SET secret_envelope = made.envelope
             FROM unnest($1::uuid[], $2::bytea[]) AS made (id, envelope) WHERE provisioning_targets.id = made.id`,
    context: (id: string) => targetSecretContext(id),
  },
  {
    name: 'kept_mails',
    select: 'SELECT id::text AS id, NULL AS state, envelope FROM kept_mails ORDER BY kept_mails.id FOR UPDATE',
    update: `UPDATE kept_mails SET envelope = made.envelope FROM unnest($1::uuid[], $2::bytea[]) AS made (id, envelope)
             WHERE kept_mails.id = made.id`,
    context: (id: string) => keptMailContext(id),
  },
  {
    name: 'totp_credentials',
    select: `SELECT user_id::text AS id, NULL AS state, envelope FROM totp_credentials
             ORDER BY totp_credentials.user_id FOR UPDATE`,
    update: `UPDATE totp_credentials SET envelope = made.envelope
             FROM unnest($1::uuid[], $2::bytea[]) AS made (id, envelope) WHERE totp_credentials.user_id = made.id`,
    context: (id: string) => totpContext(id),
  },
] as const;

export type RewrapInput = { readonly from: KeyEncryptionKey; readonly to: KeyEncryptionKey };

/**
 * Puts every stored envelope under the key `to`, all or none. Those under it already are left alone, so that it may be
 * run again when a server that was still up sealed something meanwhile. Servers are to be restarted with the new key.
 * Throws conflict `keys.envelope_unreadable` naming the row that neither key opens.
 */
export async function rewrapKeys(tx: Tx, { from, to }: RewrapInput): Promise<{ readonly rewrapped: number }> {
  await lockKeys(tx);
  let rewrapped = 0;
  for (const holder of holders) {
    const rows = await tx.query<{ id: string; state: KeyState | null; envelope: Buffer }>(holder.select);
    const made = rows
      .map(({ id, state, envelope }) => ({ id, envelope, context: holder.context(id, state) }))
      .filter(({ envelope }) => !isUnder(to, envelope))
      .map((sealed) => ({ id: sealed.id, envelope: rewrapOne(holder.name, sealed, { from, to }) }));
    if (made.length === 0) continue;
    await tx.query(holder.update, [made.map(({ id }) => id), made.map(({ envelope }) => envelope)]);
    rewrapped += made.length;
  }
  tx.record({ type: 'keys.rewrapped', details: { rewrapped, from: keyIdText(from), to: keyIdText(to) } });
  return { rewrapped };
}

function isUnder(key: KeyEncryptionKey, envelope: Uint8Array): boolean {
  try {
    return envelopeKeyId(envelope).equals(keyEncryptionKeyId(key));
  } catch {
    return false;
  }
}

function rewrapOne(table: string, { id, envelope, context }: Sealed, { from, to }: RewrapInput): Buffer {
  try {
    return rewrapEnvelope(from, to, envelope, context);
  } catch (cause) {
    if (!(cause instanceof EnvelopeError)) throw cause;
    const why = cause.code === 'wrong_key' ? 'was sealed under another key than the one given' : 'is damaged';
    throw conflict('keys.envelope_unreadable', {
      detail: `The secret of ${table} ${id} ${why}; nothing was changed.`,
      cause,
    });
  }
}
