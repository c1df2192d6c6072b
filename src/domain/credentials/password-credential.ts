import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import { PasswordCredentialsTable } from './password-credentials-table.ts';

/** Undefined for a person without a password: give it to `verifyPassword` all the same, which then spends the same time. */
export async function findPasswordHash(read: Reader, userId: string): Promise<string | undefined> {
  const row = await read.table(PasswordCredentialsTable).findOneBy({ userId });
  return row?.hash;
}

/**
 * Stores the same password under today's algorithm after it was verified. Does nothing when the password was changed in the
 * meantime. Not a change of the password: nothing ends, and `changedAt` stays.
 */
export async function upgradePasswordHash(
  tx: Tx,
  { userId, verifiedHash, hash }: { userId: string; verifiedHash: string; hash: string },
): Promise<boolean> {
  const { affected } = await tx.table(PasswordCredentialsTable).update({ userId, hash: verifiedHash }, { hash });
  if (affected !== 1) return false;
  tx.record({ type: 'passwords.rehashed', target: { type: 'user', id: userId } });
  return true;
}
