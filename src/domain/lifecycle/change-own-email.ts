import type { Actor } from '../../kernel/actor.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import type { AuthenticationParts } from '../authentication/check-password.ts';
import { enqueueMail } from '../notifications/mail.ts';
import { assertStillSignedIn } from '../sessions/assert-still-signed-in.ts';
import { emailAddress } from '../users/attribute-types.ts';
import {
  closeEmailChange,
  confirmEmailSide,
  type EmailChange,
  findUndoableEmailChange,
  markEmailChangeUndone,
  openEmailChange,
  ownRecentAddresses,
} from '../users/email-changes.ts';
import { findUser } from '../users/find-user.ts';
import { isPersonInForce } from '../users/standing.ts';
import { updateUser } from '../users/update-user.ts';
import { primaryEmail, type User } from '../users/user.ts';
import { followRulesOnProof } from './follow-rules.ts';
import { takeBackAccount } from './take-back-account.ts';

export type EmailWish =
  | { readonly kind: 'taken' }
  | { readonly kind: 'address_invalid' | 'address_same' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number };

/** The address that mail about the account goes to, if somebody has proved it. */
const provedAddress = (user: User): string | undefined => {
  const email = primaryEmail(user);
  return email?.verified ? email.value : undefined;
};

/**
 * Somebody who has just signed in wants another address. A link goes to both; nothing changes before both were opened, so that
 * neither a typing mistake nor a stolen session moves an account. Whose address it may be elsewhere plays no part.
 * Throws unauthenticated `sessions.signed_out`.
 */
export async function requestEmailChange(
  { transact, throttle }: Pick<AuthenticationParts, 'transact' | 'throttle'>,
  actor: Actor,
  { user, sessionUid, address }: { readonly user: User; readonly sessionUid: string; readonly address: string },
): Promise<EmailWish> {
  const parsed = emailAddress.safeParse(address.trim());
  if (!parsed.success) return { kind: 'address_invalid' };
  const former = provedAddress(user);
  if (former !== undefined && comparisonKey(former) === comparisonKey(parsed.data)) return { kind: 'address_same' };
  const reservation = await throttle.reserve([{ scope: 'emailVerification', value: user.id }]);
  if (reservation.kind === 'throttled') return reservation;
  await transact(actor, async (tx) => {
    await assertStillSignedIn(tx, { userId: user.id, sessionUid });
    const facts = { userId: user.id, formerAddress: former ?? null, newAddress: parsed.data };
    const changeId = await openEmailChange(tx, facts);
    const sides = former === undefined ? (['new'] as const) : (['former', 'new'] as const);
    for (const side of sides) enqueueMail(tx, { kind: 'email_change', userId: user.id, changeId, side });
    tx.record({
      type: 'email-changes.requested',
      target: { type: 'user', id: user.id },
      personal: { address: parsed.data },
    });
  });
  return { kind: 'taken' };
}

export type EmailConfirmation =
  | { readonly kind: 'refused' }
  | { readonly kind: 'waiting' | 'done'; readonly change: EmailChange };

/**
 * A link of one side was opened: when it was the last that was waited for, the address changes. A refusal is a value, so that its
 * record is kept.
 */
export async function confirmEmailChange(tx: Tx, token: string): Promise<EmailConfirmation> {
  const confirmed = await confirmEmailSide(tx, token);
  if (!confirmed) return refuse(tx, 'unknown');
  const { side, change } = confirmed;
  const { userId, formerAddress } = change;
  await tx.query('SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId]);
  const user = await findUser(tx, userId);
  if (!user || !isPersonInForce(user, tx.now)) return refuse(tx, 'inactive', userId);
  // Somebody else changed it meanwhile: what the person saw when they asked is not so any more.
  if ((provedAddress(user) ?? null) !== formerAddress) return refuse(tx, 'changed_meanwhile', userId);
  tx.record({ type: 'email-changes.confirmed', target: { type: 'user', id: userId }, details: { side } });
  const isComplete = change.isNewConfirmed && (formerAddress === null || change.isFormerConfirmed);
  if (!isComplete) return { kind: 'waiting', change };
  await setMainAddress(tx, user, change.newAddress, formerAddress);
  await closeEmailChange(tx, change.id);
  if (formerAddress !== null) enqueueMail(tx, { kind: 'email_changed', userId, formerAddress, changeId: change.id });
  tx.record({ type: 'email-changes.completed', target: { type: 'user', id: userId } });
  return { kind: 'done', change };
}

/** In the place of another, with all else that is said of that one. */
async function setMainAddress(tx: Tx, user: User, address: string, replaced: string | null): Promise<void> {
  const gone = new Set([address, ...(replaced === null ? [] : [replaced])].map(comparisonKey));
  const { type } =
    user.emails.find(({ value }) => replaced !== null && comparisonKey(value) === comparisonKey(replaced)) ?? {};
  const others = user.emails.filter(({ value }) => !gone.has(comparisonKey(value)));
  const main = { value: address, primary: true, verified: true, ...(type === undefined ? {} : { type }) };
  await updateUser(tx, {
    id: user.id,
    patch: { emails: [main, ...others.map((email) => ({ ...email, primary: false }))] },
  });
  await followRulesOnProof(tx, user.id);
}

/**
 * Whoever has the old mailbox says that it was not them: the old address is back, and the account is taken from whoever is in it.
 * Not after an administrator gave the person yet another address. Undefined, and recorded, for a link that is none any more.
 */
export async function undoEmailChange(tx: Tx, token: string): Promise<EmailChange | undefined> {
  const found = await findUndoableEmailChange(tx, { token, now: tx.now });
  if (found) await tx.query('SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE', [found.userId]);
  const user = found && (await findUser(tx, found.userId));
  const reason = user === undefined ? 'unknown' : await whyNotUndone(tx, user);
  const change = reason === undefined ? await markEmailChangeUndone(tx, token) : undefined;
  if (!user || !change || change.formerAddress === null) {
    refuse(tx, reason ?? 'unknown', found?.userId);
    return undefined;
  }
  const { id: userId } = user;
  await setMainAddress(tx, user, change.formerAddress, primaryEmail(user)?.value ?? null);
  tx.record({ type: 'email-changes.undone', target: { type: 'user', id: userId } });
  await takeBackAccount(tx, { userId, addressKey: comparisonKey(change.formerAddress) });
  return change;
}

async function whyNotUndone(tx: Tx, user: User): Promise<Refusal | undefined> {
  if (!isPersonInForce(user, tx.now)) return 'inactive';
  const current = comparisonKey(primaryEmail(user)?.value ?? '');
  const own = await ownRecentAddresses(tx, { userId: user.id, now: tx.now });
  return own.some((address) => comparisonKey(address) === current) ? undefined : 'changed_meanwhile';
}

type Refusal = 'unknown' | 'inactive' | 'changed_meanwhile';

function refuse(tx: Tx, reason: Refusal, userId?: string): { readonly kind: 'refused' } {
  tx.record({
    type: 'email-changes.refused',
    outcome: 'refused',
    reason,
    ...(userId === undefined ? {} : { target: { type: 'user', id: userId } }),
  });
  return { kind: 'refused' };
}
