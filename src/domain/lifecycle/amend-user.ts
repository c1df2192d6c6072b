import type { Tx } from '../../persistence/unit-of-work.ts';
import { isAdministeredByRule, withAdministratorKept } from '../access/administrators.ts';
import { assertMayManageUser } from '../access/may-grant.ts';
import type { Writing } from '../user-attributes/user-attribute-input.ts';
import { getUser } from '../users/find-user.ts';
import { lockUser } from '../users/lock-user.ts';
import { type StandingPatch, splitStanding } from '../users/standing-input.ts';
import { type AttributePatch, updateUser } from '../users/update-user.ts';
import type { User } from '../users/user.ts';
import type { UserPatch } from '../users/user-input.ts';
import { amendStanding, changesStanding, mayClose, onlyCloses } from './amend-standing.ts';
import { assertMayVouch } from './assert-may-vouch.ts';
import { followRules } from './follow-rules.ts';
import { notifyFormerAddresses } from './notify-former-addresses.ts';
import { replacePassword } from './replace-password.ts';

/** Whoever changes these of someone could sign in as them, or be taken for them. */
const IDENTIFYING = ['userName', 'externalId', 'emails', 'phoneNumbers'] as const;

export type UserAmendment = {
  readonly id: string;
  readonly expectedVersion?: number | undefined;
  readonly patch: UserPatch;
  readonly passwordHash?: string | undefined;
  /** Through which door: operator-defined attributes say who may write them. */
  readonly by?: Writing | undefined;
};

/**
 * One change of a person from outside: attributes by merge patch, a password, and whether and when they are let in.
 * Throws what `updateUser` throws, `conflict('access.last_administrator')`, and `forbidden('access.exceeds_own_permissions')`
 * where the change would give power over someone with more permissions. Ending access is open to everyone with the right to it.
 */
export async function amendUser(
  tx: Tx,
  { id, expectedVersion, patch, passwordHash, by }: UserAmendment,
): Promise<User> {
  const { standing, rest: attributes } = splitStanding(patch);
  const before = await getUser(tx, id);
  assertMayVouch(tx, before, patch);
  const isOpening = !onlyCloses(before, standing, tx.now);
  if (isOpening || passwordHash !== undefined || IDENTIFYING.some((name) => name in patch)) {
    await assertMayManageUser(tx, id);
  }
  const work = () => amend(tx, { id, expectedVersion, standing, attributes, passwordHash, by });
  // The lock over administrators comes before any row's: deactivateUser takes it too, and the order must be one.
  const mayEnd = mayClose(standing) || (hasAny(attributes) && (await isAdministeredByRule(tx.whole, tx.now)));
  return mayEnd ? withAdministratorKept(tx, work) : work();
}

const hasAny = (attributes: AttributePatch): boolean => Object.keys(attributes).length > 0;

type Amendment = Omit<UserAmendment, 'patch'> & {
  readonly standing: StandingPatch;
  readonly attributes: AttributePatch;
};

async function amend(tx: Tx, amendment: Amendment): Promise<User> {
  const { id, expectedVersion, standing, attributes, passwordHash, by } = amendment;
  // What changes nothing takes no lock and leaves no trace.
  const isMore = passwordHash !== undefined || changesStanding(await getUser(tx, id), standing, tx.now);
  const before = isMore ? await lockUser(tx, id, expectedVersion) : undefined;
  const addressed = 'emails' in attributes ? await getUser(tx, id) : undefined;
  const updated = await updateUser(tx, { id, expectedVersion, patch: attributes, by });
  if (hasAny(attributes)) await followRules(tx, id);
  if (addressed) notifyFormerAddresses(tx, addressed, updated);
  if (passwordHash !== undefined) await replacePassword(tx, { userId: id, hash: passwordHash, by: 'administrator' });
  if (before !== undefined) await amendStanding(tx, { before, patch: standing });
  return isMore ? getUser(tx, id) : updated;
}
