import { comparisonKey } from '../../kernel/text.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import { setPassword } from '../credentials/set-password.ts';
import { enqueueMail } from '../notifications/mail.ts';
import {
  consumeInvitation,
  createInvitation,
  type Invitation,
  joinByInvitation,
  type OpenInvitation,
} from '../organizations/invitations.ts';
import { createUser } from '../users/create-user.ts';
import { findUser } from '../users/find-user.ts';
import type { User } from '../users/user.ts';
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

/**
 * Whose proved address it is. Not by user name: somebody may have taken it as theirs without having the address
 * (SECURITY-LESSONS 2).
 */
export async function findInvited(read: Reader, address: string): Promise<User | undefined> {
  const [row] = await read.query<{ id: string }>(
    `SELECT e.user_id AS id FROM user_emails e JOIN users u ON u.id = e.user_id
     WHERE e.value_key = $1 AND e.is_verified ORDER BY u.user_name_key <> $1, e.user_id LIMIT 1`,
    [comparisonKey(address)],
  );
  return row && findUser(read, row.id);
}

export type Acceptance =
  | { readonly outcome: 'joined'; readonly invitation: OpenInvitation }
  /** It was used, withdrawn, or has run out; or there is no account, or there is one, other than was thought. */
  | { readonly outcome: 'refused' };

/** Somebody who has an account with the address joins by the link in the mail, once. */
export async function acceptInvitation(tx: Tx, token: string): Promise<Acceptance> {
  const invitation = await consumeInvitation(tx, token);
  const user = invitation && (await findInvited(tx, invitation.address));
  if (!invitation || !user) return refuse(tx);
  await joinByInvitation(tx, invitation, user.id);
  tx.announce({ topic: 'access', key: `user:${user.id}` });
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
  const invitation = await consumeInvitation(tx, token);
  if (!invitation || (await findInvited(tx, invitation.address)) !== undefined) return refuse(tx);
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
