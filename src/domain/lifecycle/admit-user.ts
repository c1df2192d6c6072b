import type { Tx } from '../../persistence/unit-of-work.ts';
import { setPassword } from '../credentials/set-password.ts';
import type { Writing } from '../user-attributes/user-attribute-input.ts';
import { createUser } from '../users/create-user.ts';
import type { NewUser, User } from '../users/user.ts';
import { assertMayVouch } from './assert-may-vouch.ts';
import { followRules } from './follow-rules.ts';
import { type InvitationWish, inviteUser } from './invite-user.ts';

export type Admission = {
  readonly input: NewUser;
  readonly passwordHash?: string | undefined;
  /** Through which door: operator-defined attributes say who may write them. */
  readonly by?: Writing | undefined;
  /** Left out: nobody is written to. */
  readonly invitation?: Omit<InvitationWish, 'hasPassword'> | undefined;
};

/** A joiner: the person and their first password, or a mail with which they choose it. Throws what `createUser`, `followRules` and `inviteUser` throw. */
export async function admitUser(tx: Tx, { input, passwordHash, by, invitation }: Admission): Promise<User> {
  assertMayVouch(tx, {}, input);
  const user = await createUser(tx, input, by);
  await followRules(tx, user.id);
  if (passwordHash !== undefined) await setPassword(tx, { userId: user.id, hash: passwordHash });
  if (invitation) inviteUser(tx, user, { ...invitation, hasPassword: passwordHash !== undefined });
  return user;
}
