import { envelopeKeyId } from '../../kernel/crypto/envelope.ts';
import type { KeyEncryptionKey } from '../../kernel/crypto/key-encryption-key.ts';
import { conflict } from '../../kernel/errors.ts';
import { advisoryLocks } from '../../persistence/advisory-lock.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { findMasterEnvelope } from './key-rows.ts';
import { keyIdText } from './signing-key.ts';

/** One change of the key set at a time, whoever makes it. */
export async function lockKeys(tx: Tx): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [advisoryLocks.rotateKeys]);
}

/**
 * A process that was not restarted after `keys rewrap` still holds the old key: what it seals, nobody could open.
 * Throws conflict `keys.key_encryption_key_replaced`.
 */
export async function assertKeyEncryptionKeyInUse(tx: Tx, key: KeyEncryptionKey): Promise<void> {
  const envelope = await findMasterEnvelope(tx);
  if (envelope && envelopeKeyId(envelope).toString('hex') === keyIdText(key)) return;
  throw conflict('keys.key_encryption_key_replaced', {
    detail: 'The key-encryption key was replaced; restart this process with the new one.',
  });
}
