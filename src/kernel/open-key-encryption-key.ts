import { type KeyEncryptionKey, KeyEncryptionKeyError, parseKeyEncryptionKey } from './crypto/key-encryption-key.ts';
import { readOrCreateKeyEncryptionKeyFile } from './crypto/key-encryption-key-file.ts';
import { StartRefused } from './start-refused.ts';

/** The key-encryption key from the environment, or from the file in the keys directory, which is made when there is none. */
export async function openKeyEncryptionKey({
  keyEncryptionKey,
  keysDir,
}: {
  keyEncryptionKey: string | undefined;
  keysDir: string;
}): Promise<{ key: KeyEncryptionKey; source: string; created: boolean }> {
  try {
    if (keyEncryptionKey !== undefined)
      return { key: parseKeyEncryptionKey(keyEncryptionKey), source: 'DOORWARD_KEY_ENCRYPTION_KEY', created: false };
    const { key, path, created } = await readOrCreateKeyEncryptionKeyFile(keysDir);
    return { key, source: path, created };
  } catch (error) {
    if (error instanceof KeyEncryptionKeyError) throw new StartRefused(error.message, { cause: error });
    throw error;
  }
}
