import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { isEmailSignInOpen } from '../credentials/email-sign-ins.ts';
import type { Mail } from '../notifications/mail.ts';
import { type Email, primaryEmail, type User } from '../users/user.ts';
import { emailChangeAddress } from './email-change-facts.ts';

export type PersonalMail = Exclude<Mail, { kind: 'sign_up' | 'account_deleted' | 'organization_invitation' }>;

/** An address somebody has proved to hold; an invitation and a verification are how that proof begins. */
export async function mailAddress(tx: Tx, mail: PersonalMail, user: User): Promise<string | undefined> {
  const verified = user.emails.filter((email) => email.verified);
  const byKey = (emails: readonly Email[], key: string | null) =>
    emails.find(({ value }) => comparisonKey(value) === key)?.value;
  switch (mail.kind) {
    case 'invitation':
      return primaryEmail(user)?.value;
    case 'verify_email':
      return byKey(user.emails, mail.addressKey);
    case 'email_change':
      return emailChangeAddress(tx, mail);
    case 'email_changed':
      return mail.formerAddress;
    case 'factor_recovery_started':
      return byKey(verified, mail.addressKey);
    case 'email_sign_in':
      return (await isEmailSignInOpen(tx, mail.signInId))
        ? (byKey(verified, mail.addressKey) ?? mainVerified(verified))
        : undefined;
    case 'recovery':
      return byKey(verified, mail.addressKey) ?? mainVerified(verified);
    default:
      return mainVerified(verified);
  }
}

const mainVerified = (verified: readonly Email[]): string | undefined =>
  (verified.find((email) => email.primary) ?? verified[0])?.value;
