import { forbidden } from '../../kernel/errors.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { CUSTOM } from '../users/custom-input.ts';
import type { User } from '../users/user.ts';
import type { UserPatch } from '../users/user-input.ts';
import { amendUser } from './amend-user.ts';

export type ProfileEdit = {
  readonly userId: string;
  /** What the person saw when they began. */
  readonly expectedVersion: number;
  readonly patch: UserPatch;
  /** Names of core attributes that the operator leaves to people; attributes of the operator say it themselves. */
  readonly editable: readonly string[];
};

/**
 * Somebody changes what is known of them. Throws what `amendUser` throws: `invalid('users.invalid')`, `precondition` for a form
 * that is out of date, `forbidden` where a rule would make them a member of a group that gives power; and
 * `forbidden('users.attribute_not_own')`.
 */
export async function editOwnProfile(tx: Tx, { userId, expectedVersion, patch, editable }: ProfileEdit): Promise<User> {
  const barred = Object.keys(patch).filter((name) => name !== CUSTOM && !editable.includes(name));
  if (barred.length > 0)
    throw forbidden('users.attribute_not_own', { detail: `${barred.join(', ')}: not the person's own to change` });
  // The parts are what the person wrote: a whole name from before would contradict them.
  const { name } = patch;
  const own = name ? { ...patch, name: { ...name, formatted: null } } : patch;
  return amendUser(tx, { id: userId, expectedVersion, patch: own, by: 'self' });
}
