import { type Actor, systemActor } from '../../kernel/actor.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Transact, Tx } from '../../persistence/unit-of-work.ts';
import { hasPower } from '../access/may-grant.ts';
import type { AuthenticationParts } from '../authentication/check-password.ts';
import { holds } from '../authentication/first-factor.ts';
import { findAccountById } from '../authentication/sign-in-account.ts';
import type { CodeAttempt } from '../authentication/verify-code-attempt.ts';
import {
  completeFactorRecovery,
  type FactorRecovery,
  openFactorRecovery,
  stopFactorRecoveries,
  takeRecoveriesToRemind,
  takeRipeFactorRecoveries,
} from '../credentials/factor-recoveries.ts';
import { consumeLink, type LinkOutcome, type LinkPurpose } from '../credentials/redeem-link.ts';
import { findSecondFactors, hasAny } from '../credentials/second-factors.ts';
import { enqueueMail } from '../notifications/mail.ts';
import { findUser } from '../users/find-user.ts';
import { isPersonInForce } from '../users/standing.ts';
import type { User } from '../users/user.ts';
import { takeSecondFactors } from './change-second-factors.ts';

export type RecoveryBeginning =
  | { readonly kind: 'started'; readonly ripeAt: Date }
  /** The first factor is no longer good: the sign-in begins anew. */
  | { readonly kind: 'ended' }
  /** Nobody could be told; or they have power over others, and another administrator helps. */
  | { readonly kind: 'no_address' | 'administrator' };

export type RecoveryWish = {
  /** What was verified: the second factor is lost, not both. */
  readonly first: CodeAttempt['first'];
  readonly days: number;
};

/**
 * Somebody who has shown their first factor says that the second is lost, and the codes that stand in for it. Nothing is given: the
 * waiting begins, and every address of theirs is told, with a link that stops it.
 */
export async function requestFactorRecovery(
  { read, transact, clock }: Pick<AuthenticationParts, 'read' | 'transact' | 'clock'>,
  actor: Actor,
  { first, days }: RecoveryWish,
): Promise<RecoveryBeginning> {
  const now = clock.now();
  const userId = 'signedInAs' in first ? first.signedInAs : first.userId;
  const account = await findAccountById(read, { userId, deviceHashes: [], now });
  const isGood = 'signedInAs' in first ? account?.active === true : holds(first, account, now);
  if (!isGood || !hasAny(await findSecondFactors(read, userId))) return { kind: 'ended' };
  return transact(actor, async (tx) => {
    const user = await findUser(tx, userId);
    const addresses = provedAddresses(user);
    const kind = (await hasPower(tx, userId)) ? 'administrator' : addresses.length === 0 ? 'no_address' : undefined;
    const target = { type: 'user', id: userId };
    if (kind) {
      tx.record({ type: 'factor-recoveries.refused', outcome: 'refused', reason: kind, target });
      return { kind };
    }
    const { recovery, isNew } = await openFactorRecovery(tx, { userId, days });
    const ripeAt = recovery.ripeAt.toISOString();
    if (isNew) {
      for (const addressKey of addresses)
        enqueueMail(tx, { kind: 'factor_recovery_started', userId, addressKey, ripeAt });
      tx.record({ type: 'factor-recoveries.requested', target, details: { ripeAt } });
    }
    return { kind: 'started', ripeAt: recovery.ripeAt };
  });
}

const provedAddresses = (user: User | undefined): readonly string[] =>
  user?.emails.filter(({ verified }) => verified).map(({ value }) => comparisonKey(value)) ?? [];

/** Whoever has one of the mailboxes objects. A refusal is a value, so that its record is kept. */
export async function stopFactorRecoveryByLink(
  tx: Tx,
  { token, purpose }: { readonly token: string; readonly purpose: LinkPurpose },
): Promise<LinkOutcome> {
  const link = await consumeLink(tx, { token, purpose });
  if (link.outcome === 'refused') return link;
  const isStopped = await stopFactorRecoveries(tx, { userIds: [link.userId], by: 'mail' });
  return isStopped ? link : { outcome: 'refused', reason: 'used' };
}

/** The waiting is over and nobody objected, which is looked at now: a password alone signs the person in again. */
export async function finishFactorRecovery(
  tx: Tx,
  { token, days }: { readonly token: string; readonly days: number },
): Promise<LinkOutcome> {
  const link = await consumeLink(tx, { token, purpose: 'finish_factor_recovery' });
  if (link.outcome === 'refused') return link;
  const { userId } = link;
  const user = await findUser(tx, userId);
  const isGood = user && isPersonInForce(user, tx.now) && !(await hasPower(tx, userId));
  const target = { type: 'user', id: userId };
  if (!isGood || !(await completeFactorRecovery(tx, { userId, days }))) {
    const reason = isGood ? 'not_ripe' : 'not_allowed';
    tx.record({ type: 'factor-recoveries.refused', outcome: 'refused', reason, target });
    return { outcome: 'refused', reason: 'expired' };
  }
  tx.record({ type: 'factor-recoveries.completed', target });
  await takeSecondFactors(tx, userId, 'removed_after_waiting');
  return link;
}

const BATCH = 100;

/**
 * Reminds everybody who could object, half-way, and tells those whose waiting is over; true while there may be more. That it is over
 * is looked at again when they come.
 */
export function announceRecoveries(transact: Transact, days: number): Promise<boolean> {
  return transact(systemActor('run-lifecycle'), async (tx) => {
    const waiting = await takeRecoveriesToRemind(tx, BATCH);
    for (const recovery of waiting) await remind(tx, recovery);
    const userIds = await takeRipeFactorRecoveries(tx, { days, limit: BATCH });
    for (const userId of userIds) {
      enqueueMail(tx, { kind: 'factor_recovery_ready', userId });
      tx.record({ type: 'factor-recoveries.ripened', target: { type: 'user', id: userId } });
    }
    return userIds.length === BATCH || waiting.length === BATCH;
  });
}

async function remind(
  tx: Tx,
  { userId, requestedAt, ripeAt }: FactorRecovery & { readonly userId: string },
): Promise<void> {
  const mail = { userId, ripeAt: ripeAt.toISOString(), remindsOf: requestedAt.toISOString() };
  for (const addressKey of provedAddresses(await findUser(tx, userId)))
    enqueueMail(tx, { kind: 'factor_recovery_started', ...mail, addressKey });
  tx.record({ type: 'factor-recoveries.reminded', target: { type: 'user', id: userId } });
}
