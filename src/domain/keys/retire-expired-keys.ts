import type { KeyEncryptionKey } from '../../kernel/crypto/key-encryption-key.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { assertKeyEncryptionKeyInUse, lockKeys } from './lock-keys.ts';
import { openJwk, publicJwkOf, sealRetiredJwk } from './signing-key.ts';

/** No access token lives longer (constraint `resource_servers_lifetime_check`). */
const LONGEST_TOKEN_LIFETIME_SECONDS = 86_400;
/** An ID token comes back as `id_token_hint` for as long as its session lives (OpenID Connect RP-Initiated Logout §2). */
const LONGEST_SESSION_SECONDS = 14 * 86_400;

export const RETIRING_PERIOD_SECONDS = LONGEST_TOKEN_LIFETIME_SECONDS + LONGEST_SESSION_SECONDS;

export type RetireKeysInput = {
  readonly keyEncryptionKey: KeyEncryptionKey;
  readonly periodSeconds?: number;
};

/** retiring → retired for keys whose last signature can no longer matter; their private part is erased. Answers their kids. */
export async function retireExpiredKeys(
  tx: Tx,
  { keyEncryptionKey: key, periodSeconds = RETIRING_PERIOD_SECONDS }: RetireKeysInput,
): Promise<readonly string[]> {
  await lockKeys(tx);
  const due = await tx.query<{ kid: string; envelope: Buffer }>(
    `SELECT kid, private_jwk_envelope AS envelope FROM signing_keys
     WHERE state = 'retiring' AND retiring_at <= $1`,
    [new Date(tx.now.getTime() - periodSeconds * 1000)],
  );
  if (due.length === 0) return [];
  await assertKeyEncryptionKeyInUse(tx, key);
  await tx.query(
    `UPDATE signing_keys SET state = 'retired', retired_at = $3, private_jwk_envelope = due.envelope
     FROM unnest($1::text[], $2::bytea[]) AS due (kid, envelope) WHERE signing_keys.kid = due.kid`,
    [
      due.map((row) => row.kid),
      due.map(({ kid, envelope }) => sealRetiredJwk(key, kid, publicJwkOf(openJwk(key, kid, 'retiring', envelope)))),
      tx.now,
    ],
  );
  for (const { kid } of due) tx.record({ type: 'keys.retired', target: { type: 'key', id: kid } });
  tx.announce({ topic: 'keys', key: '*' });
  return due.map((row) => row.kid);
}
