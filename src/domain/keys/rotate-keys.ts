import type { KeyEncryptionKey } from '../../kernel/crypto/key-encryption-key.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { insertKeyRows } from './key-rows.ts';
import { assertKeyEncryptionKeyInUse, lockKeys } from './lock-keys.ts';
import { generateSigningKey, type SigningAlg, sealPrivateJwk, signingAlgs } from './signing-key.ts';

/** A key signs for ninety days. */
export const ROTATION_PERIOD_SECONDS = 90 * 86_400;

export type RotateKeysInput = {
  readonly keyEncryptionKey: KeyEncryptionKey;
  /** Absent: all of them. */
  readonly alg?: SigningAlg;
};

export type Rotation = {
  readonly alg: SigningAlg;
  readonly active: string;
  readonly retiring: string | undefined;
  readonly next: string;
};

/** active → retiring, next → active, and a new next. Every process follows by the change feed, without a restart. */
export async function rotateKeys(tx: Tx, { keyEncryptionKey, alg }: RotateKeysInput): Promise<readonly Rotation[]> {
  await lockKeys(tx);
  return rotateLocked(tx, keyEncryptionKey, alg === undefined ? signingAlgs : [alg]);
}

/** Rotates the algorithms whose key has signed for `periodSeconds`. */
export async function rotateDueKeys(
  tx: Tx,
  { keyEncryptionKey, periodSeconds }: { readonly keyEncryptionKey: KeyEncryptionKey; readonly periodSeconds: number },
): Promise<readonly Rotation[]> {
  await lockKeys(tx);
  const due = await tx.query<{ alg: SigningAlg }>(
    `SELECT alg FROM signing_keys WHERE state = 'active' AND activated_at <= $1`,
    [new Date(tx.now.getTime() - periodSeconds * 1000)],
  );
  if (due.length === 0) return [];
  return rotateLocked(
    tx,
    keyEncryptionKey,
    due.map((row) => row.alg),
  );
}

async function rotateLocked(tx: Tx, key: KeyEncryptionKey, algs: readonly SigningAlg[]): Promise<readonly Rotation[]> {
  await assertKeyEncryptionKeyInUse(tx, key);
  const retiring = await tx.query<{ alg: SigningAlg; kid: string }>(
    `WITH changed AS (
       UPDATE signing_keys SET state = 'retiring', retiring_at = $2 WHERE state = 'active' AND alg = ANY ($1)
       RETURNING alg, kid)
     SELECT alg, kid FROM changed`,
    [algs, tx.now],
  );
  const active = await tx.query<{ alg: SigningAlg; kid: string }>(
    `WITH changed AS (
       UPDATE signing_keys SET state = 'active', activated_at = $2 WHERE state = 'next' AND alg = ANY ($1)
       RETURNING alg, kid)
     SELECT alg, kid FROM changed`,
    [algs, tx.now],
  );
  const made = await Promise.all(active.map(({ alg }) => generateSigningKey(alg)));
  await insertKeyRows(
    tx,
    made.map((next) => ({ ...next, state: 'next', envelope: sealPrivateJwk(key, next) })),
  );
  tx.announce({ topic: 'keys', key: '*' });
  return made.map((next) => {
    const rotation = {
      alg: next.alg,
      active: active.find(({ alg }) => alg === next.alg)?.kid ?? next.kid,
      retiring: retiring.find(({ alg }) => alg === next.alg)?.kid,
      next: next.kid,
    };
    tx.record({ type: 'keys.rotated', target: { type: 'key', id: rotation.active }, details: rotation });
    return rotation;
  });
}
