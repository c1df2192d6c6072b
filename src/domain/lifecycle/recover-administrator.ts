import type { RoleId, UserId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { ADMINISTRATOR_ROLE } from '../access/admin-permissions.ts';
import { listAdministrators, lockAdministrators } from '../access/administrators.ts';
import { assignRole } from '../access/assign-role.ts';
import { type IssuedLink, issueSetPasswordLink } from '../credentials/one-time-links.ts';
import { enqueueMail } from '../notifications/mail.ts';
import { getUser } from '../users/find-user.ts';
import { isPersonInForce } from '../users/standing.ts';
import { amendUser } from './amend-user.ts';
import { takeSecondFactors } from './change-second-factors.ts';

export type RecoveredAdministrator = {
  readonly link: IssuedLink;
  readonly wasReopened: boolean;
  readonly gotRole: boolean;
  /** How many other administrators are told by mail. */
  readonly told: number;
};

/**
 * Break-glass, for whoever has the machine and nobody who can sign in: lets this person in again without an end, makes them an
 * administrator where they are none, and gives a link with which they set a password. Recorded as what it is, and told to
 * them and to every other administrator. Throws `not_found`.
 */
export async function recoverAdministrator(
  tx: Tx,
  { userId, reason }: { userId: string; reason?: string | undefined },
): Promise<RecoveredAdministrator> {
  await lockAdministrators(tx);
  const administrators = await listAdministrators(tx, tx.now);
  const before = await getUser(tx, userId);
  const wasReopened = !isPersonInForce(before, tx.now) || before.endsAt !== undefined;
  if (wasReopened) await amendUser(tx, { id: userId, patch: { status: 'active', startsAt: null, endsAt: null } });
  const gotRole = !(await listAdministrators(tx, tx.now)).includes(before.id);
  if (gotRole) await makeAdministrator(tx, before.id, reason);
  // Whoever is locked out may have lost those too, and there is nobody else to take them away.
  await takeSecondFactors(tx, before.id);
  const link = await issueSetPasswordLink(tx, { userId: before.id });
  const others = administrators.filter((id) => id !== before.id);
  for (const id of [before.id, ...others])
    enqueueMail(tx, { kind: 'administrator_recovered', userId: id, recoveredUserId: before.id });
  tx.record({
    type: 'administrators.recovered',
    target: { type: 'user', id: before.id },
    details: { wasReopened, gotRole, ...(reason === undefined ? {} : { reason }) },
  });
  return { link, wasReopened, gotRole, told: others.length };
}

async function makeAdministrator(tx: Tx, userId: UserId, reason = 'recovered from the command line'): Promise<void> {
  const [role] = await tx.query<{ id: RoleId }>('SELECT id FROM roles WHERE name = $1 AND built_in', [
    ADMINISTRATOR_ROLE,
  ]);
  if (role === undefined) throw new Error('the built-in role administrator is missing');
  // From now: an assignment that has run out may stand there without a start.
  await assignRole(tx, { roleId: role.id, userId, startsAt: tx.now, reason });
}
