import type { JWK } from 'jose';
import type { KeyEncryptionKey } from '../../kernel/crypto/key-encryption-key.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { findKeyRows } from './key-rows.ts';
import { openJwk, publicJwkOf } from './signing-key.ts';

/**
 * The public keys of all signing keys there ever were, by kid, for signatures that outlive a rotation.
 * They come out of the envelopes, not out of the readable column: whoever can only write the database cannot add one.
 * Throws EnvelopeError when the key-encryption key is not this database's, or an envelope was altered.
 */
export async function findVerificationKeys(read: Reader, key: KeyEncryptionKey): Promise<ReadonlyMap<string, JWK>> {
  const rows = await findKeyRows(read, ['active', 'next', 'retiring', 'retired']);
  return new Map(rows.map(({ kid, state, envelope }) => [kid, publicJwkOf(openJwk(key, kid, state, envelope))]));
}
