import { randomInt } from 'node:crypto';
import { keyedHash } from '../../kernel/crypto/derive.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import type { SecondFactorSecrets } from './second-factor-secrets.ts';
import type { CodeUse } from './totp-credential.ts';

export const RECOVERY_CODES = 10;
/** Almost fifty bits a code; no two letters that look alike. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';
const GROUP = 5;

function newCode(): string {
  const letters = Array.from({ length: 2 * GROUP }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
  return `${letters.slice(0, GROUP)}-${letters.slice(GROUP)}`;
}

const hashOf = ({ recoveryKey }: SecondFactorSecrets, userId: string, code: string): Buffer =>
  keyedHash(recoveryKey, `${userId}\n${code.toLowerCase().replace(/[^a-z0-9]/g, '')}`);

/** Ten new codes in place of all before. They are answered this once: hashes are kept. */
export async function replaceRecoveryCodes(
  tx: Tx,
  secrets: SecondFactorSecrets,
  userId: string,
): Promise<readonly string[]> {
  // Two issued at once must not both stay: the second waits until it sees the codes of the first.
  await tx.query('SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId]);
  await deleteRecoveryCodes(tx, userId);
  const codes = new Set<string>();
  while (codes.size < RECOVERY_CODES) codes.add(newCode());
  await tx.query(
    'INSERT INTO recovery_codes (user_id, code_hash, created_at) SELECT $1, hash, $3 FROM unnest($2::bytea[]) AS hash',
    [userId, [...codes].map((code) => hashOf(secrets, userId, code)), tx.now],
  );
  tx.record({
    type: 'recovery-codes.issued',
    target: { type: 'user', id: userId },
    details: { count: RECOVERY_CODES },
  });
  return [...codes];
}

export async function deleteRecoveryCodes(tx: Tx, userId: string): Promise<void> {
  await tx.query('DELETE FROM recovery_codes WHERE user_id = $1', [userId]);
}

/** Uses a code up; of many at once the database lets one through. */
export async function useRecoveryCode(
  tx: Tx,
  secrets: SecondFactorSecrets,
  { userId, code }: { userId: string; code: string },
): Promise<CodeUse> {
  const values = [userId, hashOf(secrets, userId, code)];
  const rows = await tx.query(
    `WITH used AS (
       UPDATE recovery_codes SET used_at = $3 WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL RETURNING user_id)
     SELECT user_id FROM used`,
    [...values, tx.now],
  );
  if (rows.length === 1) return 'accepted';
  const known = await tx.query('SELECT FROM recovery_codes WHERE user_id = $1 AND code_hash = $2', values);
  return known.length === 0 ? 'wrong_code' : 'used_code';
}
