import { findVerificationKeys } from '../domain/keys/find-verification-keys.ts';
import { openMasterSecret } from '../domain/keys/key-encryption-key-check.ts';
import { findMasterEnvelope } from '../domain/keys/key-rows.ts';
import { openKeyEncryptionKey } from '../kernel/open-key-encryption-key.ts';
import type { Installation } from './open-installation.ts';

/** Public keys by kid, of retired ones too. Throws what says which key-encryption key is missing. */
export async function verificationKeys({ read, configuration }: Installation) {
  const kek = await openKeyEncryptionKey(configuration);
  const envelope = await findMasterEnvelope(read);
  // Says what to do where the key is not this database's.
  if (envelope) openMasterSecret(kek, envelope);
  return findVerificationKeys(read, kek.key);
}
