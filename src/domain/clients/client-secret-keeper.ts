import type { KeyRing } from '../keys/key-ring.ts';
import { clientSecretContext } from '../keys/rewrap-keys.ts';
import { hashClientSecret } from './client-secret.ts';

/** Turns a client secret into what may be stored. */
export type ClientSecretKeeper = {
  hash(secret: string): string;
  /** For clients whose protocol needs the secret itself; `id` is that of the row. */
  seal(id: string, secret: string): Buffer;
};

export const createClientSecretKeeper = (keyRing: Pick<KeyRing, 'derive' | 'seal'>): ClientSecretKeeper => ({
  hash: (secret) => hashClientSecret(keyRing.derive('client-secret-pepper'), secret),
  seal: (id, secret) => keyRing.seal(Buffer.from(secret, 'utf8'), clientSecretContext(id)),
});
