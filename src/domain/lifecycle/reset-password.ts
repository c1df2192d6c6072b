import type { Tx } from '../../persistence/unit-of-work.ts';
import { assertMayManageUser } from '../access/may-grant.ts';
import { type IssuedLink, issueSetPasswordLink } from '../credentials/one-time-links.ts';
import { getUser } from '../users/find-user.ts';
import { replacePassword } from './replace-password.ts';

/** An administrator sets someone's password. Throws `not_found` and `forbidden('access.exceeds_own_permissions')`. */
export async function resetPassword(tx: Tx, { userId, hash }: { userId: string; hash: string }): Promise<void> {
  const user = await getUser(tx, userId);
  await assertMayManageUser(tx, user.id);
  await replacePassword(tx, { userId: user.id, hash, by: 'administrator' });
}

/** An administrator, or the command line, makes a link with which the person sets it. Throws the same. */
export async function offerSetPasswordLink(
  tx: Tx,
  { userId, lifetimeSeconds }: { userId: string; lifetimeSeconds?: number | undefined },
): Promise<IssuedLink> {
  const user = await getUser(tx, userId);
  await assertMayManageUser(tx, user.id);
  return issueSetPasswordLink(tx, { userId: user.id, lifetimeSeconds });
}
