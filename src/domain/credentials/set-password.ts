import { notFound } from '../../kernel/errors.ts';
import { onConstraint, type Tx } from '../../persistence/unit-of-work.ts';
import { voidSetPasswordLinks } from './one-time-links.ts';
import { PasswordCredentialsTable } from './password-credentials-table.ts';

/**
 * Sets a person's password by its hash, made outside the transaction; links still out are void from now on.
 * Ending their sessions is the lifecycle room's part. Throws `not_found` for an unknown person.
 */
export async function setPassword(tx: Tx, { userId, hash }: { userId: string; hash: string }): Promise<void> {
  await tx
    .table(PasswordCredentialsTable)
    .upsert({ userId, hash, changedAt: tx.now }, ['userId'])
    .catch(
      onConstraint('password_credentials_user_id_fkey', () =>
        notFound('users.not_found', { detail: 'there is no such user' }),
      ),
    );
  await voidSetPasswordLinks(tx, userId);
  tx.record({
    type: 'passwords.changed',
    target: { type: 'user', id: userId },
    details: { changed: { password: { to: '[redacted]' } } },
  });
}
