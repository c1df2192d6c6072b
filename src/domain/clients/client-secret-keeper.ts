import { sealEnvelope } from '../../kernel/crypto/envelope.ts';
import type { KeyEncryptionKey } from '../../kernel/crypto/key-encryption-key.ts';
import { clientSecretContext } from '../keys/rewrap-keys.ts';
import { hashClientSecret } from './client-secret.ts';

/** Turns a client secret into what may be stored. */
export type ClientSecretKeeper = {
  hash(secret: string): string;
  /** For clients whose protocol needs the secret itself; `id` is that of the row. */
  seal(id: string, secret: string): Buffer;
};

/** `pepper`: the key derived for `client-secret-pepper`. */
export const createClientSecretKeeper = (parts: {
  readonly pepper: Uint8Array;
  readonly kek: KeyEncryptionKey;
}): ClientSecretKeeper => ({
  hash: (secret) => hashClientSecret(parts.pepper, secret),
  seal: (id, secret) => sealEnvelope(parts.kek, Buffer.from(secret, 'utf8'), clientSecretContext(id)),
});
