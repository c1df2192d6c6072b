import { comparisonKey } from '../../kernel/text.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import { setPassword } from '../credentials/set-password.ts';
import { enqueueMail } from '../notifications/mail.ts';
import {
  consumeInvitation,
  createInvitation,
  findOpenInvitation,
  type Invitation,
  joinByInvitation,
  type OpenInvitation,
} from '../organizations/invitations.ts';
import { createUser } from '../users/create-user.ts';
import { followRules } from './follow-rules.ts';
import { acceptTerms, type Terms } from './sign-up.ts';

/** Invites whoever has the address, by a mail with a link. Throws `not_found` for the organization. */
export async function inviteToOrganization(
  tx: Tx,
  input: { readonly organizationId: string; readonly email: string },
): Promise<Invitation> {
  const invitation = await createInvitation(tx, input);
  const { id: invitationId, organizationId } = invitation;
  enqueueMail(tx, { kind: 'organization_invitation', userId: null, invitationId, organizationId });
  return invitation;
}

export type InvitedAccount = { readonly id: string; readonly userName: string };

/**
 * The accounts, at most 50, whose proved address it is. Not by user name: somebody may have taken it as theirs without
 * having the address (SECURITY-LESSONS 2); but the account that is named like it comes first.
 */
export const findInvitedAccounts = (read: Reader, address: string): Promise<InvitedAccount[]> =>
  read.query<InvitedAccount>(
    `SELECT u.id, u.user_name AS "userName" FROM user_emails e JOIN users u ON u.id = e.user_id
     WHERE e.value_key = $1 AND e.is_verified ORDER BY u.user_name_key <> $1, e.user_id LIMIT 50`,
    [comparisonKey(address)],
  );

export type Acceptance =
  | { readonly outcome: 'joined'; readonly invitation: OpenInvitation }
  /** It was used, withdrawn, or has run out; or it is not for that account, or for an account and not for somebody new. */
  | { readonly outcome: 'refused' };

/** Somebody who has accounts with the address joins with one of them by the link in the mail, once. */
export async function acceptInvitation(
  tx: Tx,
  { token, userId }: { readonly token: string; readonly userId: string },
): Promise<Acceptance> {
  const open = await findOpenInvitation(tx, { token, now: tx.now });
  const accounts = open ? await findInvitedAccounts(tx, open.address) : [];
  if (!accounts.some(({ id }) => id === userId)) return refuse(tx);
  const invitation = await consumeInvitation(tx, token);
  if (!invitation) return refuse(tx);
  await joinByInvitation(tx, invitation, userId);
  tx.announce({ topic: 'access', key: `user:${userId}` });
  return { outcome: 'joined', invitation };
}

export type NewcomerAcceptance = {
  readonly token: string;
  readonly displayName: string;
  /** Made before, outside the transaction. */
  readonly hash: string;
  readonly terms: Terms | undefined;
};

/**
 * Somebody new makes an account of their own with the address, which the link proves, and joins as a guest. Throws
 * `conflict('users.user_name_taken')`, and the invitation stays open.
 */
export async function acceptAsNewcomer(
  tx: Tx,
  { token, displayName, hash, terms }: NewcomerAcceptance,
): Promise<Acceptance> {
  const open = await findOpenInvitation(tx, { token, now: tx.now });
  if (!open || (await findInvitedAccounts(tx, open.address)).length > 0) return refuse(tx);
  const invitation = await consumeInvitation(tx, token);
  if (!invitation) return refuse(tx);
  const { address } = invitation;
  const emails = [{ value: address, primary: true, verified: true }];
  const user = await createUser(tx, { userName: address, displayName, emails });
  await followRules(tx, user.id);
  await setPassword(tx, { userId: user.id, hash });
  if (terms) await acceptTerms(tx, user.id, terms);
  await joinByInvitation(tx, invitation, user.id);
  return { outcome: 'joined', invitation };
}

function refuse(tx: Tx): Acceptance {
  tx.record({ type: 'organization-invitations.refused', outcome: 'refused', reason: 'credentials.link_invalid' });
  return { outcome: 'refused' };
}
