import { EnvelopeError, envelopeKeyId, openEnvelope } from '../../kernel/crypto/envelope.ts';
import type { KeyEncryptionKey } from '../../kernel/crypto/key-encryption-key.ts';
import { StartRefused } from '../../kernel/start-refused.ts';
import { MASTER_SECRET, secretContext } from './key-rows.ts';
import { keyIdText } from './signing-key.ts';

/** The key-encryption key and where it came from, for the sentence an operator reads when it is the wrong one. */
export type KeyEncryptionKeySource = {
  readonly key: KeyEncryptionKey;
  /** A path, or the name of the variable. */
  readonly source: string;
  /** Made at this very start, because none was there. */
  readonly created?: boolean;
};

/** Throws {@link StartRefused} when the key does not belong to this database. */
export function openMasterSecret(kek: KeyEncryptionKeySource, envelope: Uint8Array): Buffer {
  try {
    return openEnvelope(kek.key, envelope, secretContext(MASTER_SECRET));
  } catch (error) {
    throw refusal(kek, envelope, error);
  }
}

export function refusal(
  { key, source, created }: KeyEncryptionKeySource,
  envelope: Uint8Array,
  error: unknown,
): unknown {
  if (!(error instanceof EnvelopeError)) return error;
  if (error.code === 'damaged') {
    return new StartRefused(
      'The secrets stored in this database are damaged; restore the database, and the key file that goes with it, from a backup.',
      { cause: error },
    );
  }
  const where = created ? `just made in ${source}, because none was there,` : `in ${source}`;
  return new StartRefused(
    `The key-encryption key ${where} (id ${keyIdText(key)}) is not the one this database was sealed under ` +
      `(id ${envelopeKeyId(envelope).toString('hex')}): put that key back from your backup, or point DOORWARD_KEYS_DIR ` +
      'or DOORWARD_KEY_ENCRYPTION_KEY at it; to change to a new key while you have both, run doorward keys rewrap.',
    { cause: error },
  );
}
