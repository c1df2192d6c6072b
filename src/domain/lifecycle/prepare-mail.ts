import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import type { BrandingFor } from '../branding/branding-lookup.ts';
import { FINISH_DAYS } from '../credentials/factor-recoveries.ts';
import { issueMailedLink, mailedLinkToken } from '../credentials/mailed-links.ts';
import type { LinkPurpose } from '../credentials/redeem-link.ts';
import {
  type Mail,
  mailClass,
  type PasskeyChange,
  type PasswordSetBy,
  type SecondFactorChange,
  type WaitingMail,
} from '../notifications/mail.ts';
import { reserveDelivery } from '../notifications/reserve-delivery.ts';
import { findOpenInvitation, giveInvitationLink } from '../organizations/invitations.ts';
import { findUser } from '../users/find-user.ts';
import { isPersonInForce } from '../users/standing.ts';
import type { User } from '../users/user.ts';
import { type EmailChangeFacts, emailChangeFacts, type UndoFacts, undoFacts } from './email-change-facts.ts';
import { type EmailSignInFacts, type EmailSignInKeys, emailSignInFacts } from './email-sign-in-facts.ts';
import { mailAddress, type PersonalMail } from './mail-address.ts';
import { type SignUpFacts, signUpFacts } from './sign-up-facts.ts';

type Link = { readonly token: string; readonly lifetimeSeconds: number };
/** That something happened, and by which token whoever reads it says that it was not them. */
type Notice = { readonly at: Date; readonly notMeToken: string };

/** What a mail says, before anybody has put it into words. */
export type MailFacts =
  | ({ readonly kind: 'recovery' | 'invitation' | 'factor_recovery_ready' } & Link)
  | {
      readonly kind: 'verify_email';
      readonly token: string;
      readonly lifetimeSeconds: number;
      readonly address: string;
    }
  | ({ readonly kind: 'password_changed'; readonly by: PasswordSetBy } & Notice)
  | ({ readonly kind: 'second_factor_changed'; readonly change: SecondFactorChange } & Notice)
  | ({ readonly kind: 'passkey_changed'; readonly change: PasskeyChange; readonly name: string } & Notice)
  | ({ readonly kind: 'email_change' } & EmailChangeFacts)
  | { readonly kind: 'email_changed'; readonly formerAddress: string; readonly at: Date; readonly undo?: UndoFacts }
  | EmailSignInFacts
  | {
      readonly kind: 'factor_recovery_started';
      readonly token: string;
      readonly ripeAt: Date;
      readonly at: Date;
      readonly isReminder: boolean;
    }
  | { readonly kind: 'administrator_recovered'; readonly recoveredUserName: string; readonly at: Date }
  | ({
      readonly kind: 'new_device' | 'new_place';
      readonly userAgent: string | null;
      readonly ipAddress: string | null;
    } & Notice);

export type OrganizationInvitationFacts = {
  readonly kind: 'organization_invitation';
  readonly token: string;
  readonly organization: string;
};

/** To somebody who has no account yet, or none any more. */
export type StrangerFacts =
  | SignUpFacts
  | OrganizationInvitationFacts
  | { readonly kind: 'account_deleted'; readonly userName: string; readonly at: Date };

/** `user` is undefined for somebody who has no account. */
export type PreparedMail = MailToSomebody & { readonly brandingFor: BrandingFor };

type MailToSomebody =
  | { readonly to: string; readonly user: User; readonly facts: MailFacts }
  | {
      readonly to: string;
      readonly user: undefined;
      readonly facts: StrangerFacts;
      readonly language: string | undefined;
    };

export type MailKeys = {
  /** Derived for purposes 'mailed links' and 'mail recipients'. */
  readonly links: Uint8Array;
  readonly recipients: Uint8Array;
  readonly emailSignIn?: EmailSignInKeys | undefined;
};

type Message = { readonly id: string; readonly mail: WaitingMail; readonly createdAt: Date };

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;
export const RECOVERY_LINK_SECONDS = 30 * MINUTE;
export const INVITATION_LINK_SECONDS = 7 * 24 * 60 * MINUTE;
export const VERIFICATION_LINK_SECONDS = 24 * 60 * MINUTE;
/** Some read their mail once a week. */
export const NOT_ME_LINK_SECONDS = 7 * DAY;
/** Longer than anybody waits, and may finish: what is over cannot be stopped. */
const FACTOR_STOP_SECONDS = 120 * DAY;
/** Nobody waits longer for what they asked for; later it would only puzzle them. */
const ASKED_WITHIN_MS = 60 * MINUTE * 1000;

export type Preparation =
  | { readonly kind: 'prepared'; readonly mail: PreparedMail }
  /** There is nothing to send, and there will not be. */
  | { readonly kind: 'moot'; readonly reason: 'no_recipient' | 'sent' | 'late' | 'over_limit' };

/**
 * Whom a due mail goes to and what it says, as things are now: a person who left meanwhile is not written to.
 * Throws while the recipient of a notice has had enough for this hour.
 */
export async function prepareMail(tx: Tx, keys: MailKeys, message: Message): Promise<Preparation> {
  const { id, mail, createdAt } = message;
  const addressee = await findAddressee(tx, mail);
  if (!addressee) return { kind: 'moot', reason: 'no_recipient' };
  const { to, user } = addressee;
  const kind = mailClass(mail);
  const isLate = kind === 'asked' && tx.now.getTime() - createdAt.getTime() > ASKED_WITHIN_MS;
  const state = isLate
    ? 'late'
    : await reserveDelivery(tx, { messageId: id, address: to, class: kind, key: keys.recipients });
  if (state === 'sent') return { kind: 'moot', reason: state };
  if (state === 'over_limit' && kind === 'notice') throw new Error('this recipient has had enough mails for this hour');
  if (state === 'over_limit' || state === 'late') {
    recordRefusal(tx, message, state);
    return { kind: 'moot', reason: state };
  }
  if (state === 'first')
    tx.record({
      type: 'mails.written',
      ...(user === undefined ? {} : { target: { type: 'user', id: user.id } }),
      details: { kind: mail.kind, messageId: id },
    });
  const { clientId, organizationId = user?.homeOrganizationId } = mail;
  const said = await factsOf(tx, keys, message, addressee);
  return { kind: 'prepared', mail: { ...said, brandingFor: { clientId, organizationId } } };
}

type Addressee = { readonly to: string; readonly user: User | undefined };

async function findAddressee(tx: Tx, mail: Mail): Promise<Addressee | undefined> {
  if (mail.kind === 'sign_up' || mail.kind === 'account_deleted') return { to: mail.address, user: undefined };
  if (mail.kind === 'organization_invitation') {
    const invitation = await findOpenInvitation(tx, { id: mail.invitationId, now: tx.now });
    return invitation && { to: invitation.address, user: undefined };
  }
  const user = mail.userId === null ? undefined : await findUser(tx, mail.userId);
  const to = user && (await mailAddress(tx, mail, user));
  return user !== undefined && to !== undefined && mayBeWrittenTo(mail, user, tx.now) ? { to, user } : undefined;
}

async function factsOf(tx: Tx, keys: MailKeys, message: Message, { to, user }: Addressee): Promise<MailToSomebody> {
  const { id, mail, createdAt: at } = message;
  if (mail.kind === 'account_deleted')
    return { to, user: undefined, facts: { kind: mail.kind, userName: mail.userName, at }, language: mail.language };
  if (mail.kind === 'organization_invitation')
    return { to, user: undefined, facts: await invitationFacts(tx, keys, id, mail), language: undefined };
  if (mail.kind === 'sign_up' || user === undefined) {
    const facts = await signUpFacts(tx, { linkKey: keys.links, messageId: id, address: to });
    return { to, user: undefined, facts, language: mail.kind === 'sign_up' ? mail.language : undefined };
  }
  return { to, user, facts: await personalFacts(tx, keys, { ...message, mail, to }) };
}

async function invitationFacts(
  tx: Tx,
  keys: MailKeys,
  messageId: string,
  { invitationId: id }: { readonly invitationId: string },
): Promise<OrganizationInvitationFacts> {
  const token = mailedLinkToken(keys.links, 'organization_invitation', messageId);
  await giveInvitationLink(tx, { id, token });
  const { organization = '' } = (await findOpenInvitation(tx, { id, now: tx.now })) ?? {};
  return { kind: 'organization_invitation', token, organization };
}

/** For the log: why a mail was not, or will not be, sent. */
export function recordRefusal(tx: Tx, { id, mail }: Pick<Message, 'id' | 'mail'>, reason: string): void {
  tx.record({
    type: 'mails.refused',
    outcome: 'failure',
    reason,
    ...(mail.userId === null ? {} : { target: { type: 'user', id: mail.userId } }),
    details: { kind: mail.kind, messageId: id },
  });
}

/** Whoever is out is not written to; somebody who is yet to begin is invited. */
const mayBeWrittenTo = ({ kind }: Mail, user: User, at: Date): boolean =>
  isPersonInForce(user, at) || (kind === 'invitation' && user.status === 'staged');

type PersonalMessage = Message & { readonly mail: PersonalMail; readonly to: string };

async function personalFacts(tx: Tx, keys: MailKeys, message: PersonalMessage): Promise<MailFacts> {
  const { id, mail, createdAt: at, to } = message;
  const link = async (purpose: LinkPurpose, userId: string, lifetimeSeconds: number) => {
    const token = mailedLinkToken(keys.links, purpose, id);
    await issueMailedLink(tx, { token, purpose, userId, addressKey: comparisonKey(to), lifetimeSeconds });
    return { token, lifetimeSeconds };
  };
  const notice = async (userId: string) => ({
    at,
    notMeToken: (await link('not_me', userId, NOT_ME_LINK_SECONDS)).token,
  });
  switch (mail.kind) {
    case 'recovery':
      return { kind: mail.kind, ...(await link('set_password', mail.userId ?? '', RECOVERY_LINK_SECONDS)) };
    case 'email_sign_in':
      return emailSignInFacts(tx, keys, id, { ...mail, userId: mail.userId ?? '', to });
    case 'invitation':
      return { kind: mail.kind, ...(await link('set_password', mail.userId, INVITATION_LINK_SECONDS)) };
    case 'verify_email':
      return { kind: mail.kind, address: to, ...(await link('verify_email', mail.userId, VERIFICATION_LINK_SECONDS)) };
    case 'password_changed':
      return { kind: mail.kind, by: mail.by, ...(await notice(mail.userId)) };
    case 'second_factor_changed':
      return { kind: mail.kind, change: mail.change, ...(await notice(mail.userId)) };
    case 'passkey_changed':
      return { kind: mail.kind, change: mail.change, name: mail.name, ...(await notice(mail.userId)) };
    case 'email_change':
      return { kind: mail.kind, ...(await emailChangeFacts(tx, keys.links, id, mail)) };
    case 'email_changed':
      return { kind: mail.kind, formerAddress: mail.formerAddress, at, ...(await undoFacts(tx, keys.links, id, mail)) };
    case 'factor_recovery_started': {
      const { token } = await link('stop_factor_recovery', mail.userId, FACTOR_STOP_SECONDS);
      const isReminder = mail.remindsOf !== undefined;
      return { kind: mail.kind, token, ripeAt: new Date(mail.ripeAt), at: new Date(mail.remindsOf ?? at), isReminder };
    }
    case 'factor_recovery_ready':
      return { kind: mail.kind, ...(await link('finish_factor_recovery', mail.userId, FINISH_DAYS * DAY)) };
    case 'administrator_recovered': {
      const recovered = await findUser(tx, mail.recoveredUserId);
      return { kind: mail.kind, recoveredUserName: recovered?.userName ?? mail.recoveredUserId, at };
    }
    case 'new_device':
    case 'new_place':
      return { kind: mail.kind, userAgent: mail.userAgent, ipAddress: mail.ipAddress, ...(await notice(mail.userId)) };
  }
}
