import type { Tx } from '../../persistence/unit-of-work.ts';
import { endAllAccess } from '../sessions/end-all-access.ts';
import { emitSignals } from '../signals/emit-signals.ts';
import { refuseEarlierAccess } from '../users/refuse-earlier-access.ts';
import { setPeriod } from '../users/set-period.ts';
import { isPersonInForce, type Standing } from '../users/standing.ts';
import { nextStanding, type StandingPatch } from '../users/standing-input.ts';
import type { User } from '../users/user.ts';
import { deactivateUser } from './deactivate-user.ts';
import { reactivateUser } from './reactivate-user.ts';

/** Whether a change would only shut someone out, which is open to everyone who may change people. */
export function onlyCloses(before: Standing, patch: StandingPatch, now: Date): boolean {
  const next = nextStanding(before, patch, now);
  return isWithin(before, next) && (next.status === before.status || next.status !== 'active');
}

/** A later first day and an earlier last day take, and give nothing. */
function isWithin(before: Standing, next: Standing): boolean {
  const [wasFrom, from] = [before, next].map(({ startsAt }) => startsAt?.getTime() ?? Number.NEGATIVE_INFINITY);
  const [wasTo, to] = [before, next].map(({ endsAt }) => endsAt?.getTime() ?? Number.POSITIVE_INFINITY);
  return Number(from) >= Number(wasFrom) && Number(to) <= Number(wasTo);
}

export function changesStanding(before: Standing, patch: StandingPatch, now: Date): boolean {
  const next = nextStanding(before, patch, now);
  return next.status !== before.status || !isSamePeriod(before, next);
}

/** Whether a change can shut someone out: then the last administrator must be thought of. */
export const mayClose = (patch: StandingPatch): boolean =>
  patch.active === false || patch.startsAt !== undefined || patch.endsAt !== undefined || mayCloseBy(patch.status);

const mayCloseBy = (status: StandingPatch['status']): boolean => status !== undefined && status !== 'active';

/**
 * Status and days of a person whose row the caller has locked. Whoever is put out loses all access in this transaction; whoever
 * is let in again gets nothing back of what there was before.
 */
export async function amendStanding(tx: Tx, { before, patch }: { before: User; patch: StandingPatch }): Promise<void> {
  const next = nextStanding(before, patch, tx.now);
  const { id: userId } = before;
  if (!isSamePeriod(before, next)) await setPeriod(tx, { id: userId, from: before, to: next });
  if (next.status !== before.status) {
    await (next.status === 'active' ? reactivateUser(tx, { userId }) : deactivateUser(tx, { userId, to: next.status }));
    return;
  }
  const was = isPersonInForce(before, tx.now);
  const is = isPersonInForce(next, tx.now);
  if (was && !is) {
    const isOver = next.endsAt !== undefined && next.endsAt <= tx.now;
    await deactivateUser(tx, { userId, to: isOver ? 'inactive' : 'staged' });
  }
  if (!was && is) await reopen(tx, userId);
}

export const isSamePeriod = (one: Standing, other: Standing): boolean =>
  one.startsAt?.getTime() === other.startsAt?.getTime() && one.endsAt?.getTime() === other.endsAt?.getTime();

/** A day that was moved lets them in; what they had before it was over stays over. */
async function reopen(tx: Tx, userId: string): Promise<void> {
  await refuseEarlierAccess(tx, userId);
  await endAllAccess(tx, { userId });
  await emitSignals(tx, [{ userId, name: 'account-enabled' }]);
  tx.announce({ topic: 'access', key: `user:${userId}` });
  tx.record({
    type: 'users.reactivated',
    target: { type: 'user', id: userId },
    details: { changed: { active: { from: false, to: true } } },
  });
}
