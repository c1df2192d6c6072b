import type { Tx } from '../../persistence/unit-of-work.ts';
import { withAdministratorKept } from '../access/administrators.ts';
import { assertMayManageUser } from '../access/may-grant.ts';
import { getUser } from '../users/find-user.ts';
import { lockUser } from '../users/lock-user.ts';
import { updateUser } from '../users/update-user.ts';
import type { User } from '../users/user.ts';
import type { UserPatch } from '../users/user-input.ts';
import { deactivateUser } from './deactivate-user.ts';
import { reactivateUser } from './reactivate-user.ts';
import { replacePassword } from './replace-password.ts';

/** Whoever changes these of someone could sign in as them, or be taken for them. */
const IDENTIFYING = ['userName', 'externalId', 'emails', 'phoneNumbers'] as const;

export type UserAmendment = {
  readonly id: string;
  readonly expectedVersion?: number | undefined;
  readonly patch: UserPatch;
  readonly passwordHash?: string | undefined;
};

/**
 * One change of a person from outside: attributes by merge patch, a password, and whether they are active.
 * Throws what `updateUser` throws, `conflict('access.last_administrator')`, and `forbidden('access.exceeds_own_permissions')`
 * where the change would give power over someone with more permissions. Ending access is open to everyone with the right to it.
 */
export async function amendUser(tx: Tx, amendment: UserAmendment): Promise<User> {
  const { id, patch, passwordHash } = amendment;
  const before = await getUser(tx, id);
  const isReturning = !before.active && patch.active === true;
  if (isReturning || passwordHash !== undefined || IDENTIFYING.some((name) => name in patch)) {
    await assertMayManageUser(tx, id);
  }
  const work = () => amend(tx, { ...amendment, before, isReturning });
  // The lock over administrators comes before any row's: deactivateUser takes it too, and the order must be one.
  return patch.active === false ? withAdministratorKept(tx, work) : work();
}

async function amend(
  tx: Tx,
  amendment: UserAmendment & { readonly before: User; readonly isReturning: boolean },
): Promise<User> {
  const { id, expectedVersion, passwordHash, before, isReturning } = amendment;
  const { active, ...patch } = amendment.patch;
  const isLeaving = active === false;
  if (passwordHash !== undefined || isReturning || (isLeaving && before.active)) {
    await lockUser(tx, id, expectedVersion);
  }
  const updated = await updateUser(tx, { id, expectedVersion, patch });
  if (passwordHash !== undefined) await replacePassword(tx, { userId: id, hash: passwordHash });
  if (isLeaving) await deactivateUser(tx, { userId: id });
  if (isReturning) await reactivateUser(tx, { userId: id });
  return passwordHash !== undefined || isLeaving || isReturning ? getUser(tx, id) : updated;
}
