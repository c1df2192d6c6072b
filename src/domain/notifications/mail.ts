import type { Actor } from '../../kernel/actor.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';

/**
 * The notifications room owns what is to be said to whom, how often somebody is written to, and mails kept in development.
 * It does not own words (views/email), people and links (lifecycle/prepare-mail) or how a mail travels (connectors/smtp).
 */
export const MAIL_DUE = 'mail.due';

/** Who set a password: the person signed in, the person by a one-time link, or somebody with power over the account. */
export type PasswordSetBy = 'self' | 'link' | 'administrator';

/** What became of someone's second factors; each is told to them. */
export type SecondFactorChange =
  | 'totp_added'
  | 'totp_removed'
  | 'recovery_codes_issued'
  | 'recovery_code_used'
  | 'removed_by_administrator'
  | 'removed_after_waiting';

/** What became of a passkey; `copied`: it was refused, because its counter tells of a copy. */
export type PasskeyChange = 'added' | 'removed' | 'copied';

/**
 * A mail as it waits in the outbox. It holds no secret: links are made when it is written (credentials/mailed-links). Only
 * addresses that a person does not have any more are repeated here.
 */
export type Mail =
  /** `userId` is null for a name that nobody has: whoever asks must not tell by the work done (SECURITY-LESSONS 21). */
  | { readonly kind: 'recovery'; readonly userId: string | null; readonly addressKey: string | null }
  /** A code to sign in with; `interaction` is sealed, because the link leads there. `userId` as above. */
  | {
      readonly kind: 'email_sign_in';
      readonly userId: string | null;
      readonly addressKey: string | null;
      readonly signInId: string;
      readonly interaction: string;
    }
  /** Somebody who has no account yet, as far as they say. */
  | {
      readonly kind: 'sign_up';
      readonly userId: null;
      readonly address: string;
      readonly language?: string | undefined;
    }
  /** Somebody who is not there any more: the address, and what the account was called. */
  | {
      readonly kind: 'account_deleted';
      readonly userId: string;
      readonly address: string;
      readonly userName: string;
      readonly language?: string | undefined;
    }
  /** Into an organization; its address is with the invitation, which may be withdrawn before it is written. */
  | { readonly kind: 'organization_invitation'; readonly userId: null; readonly invitationId: string }
  | { readonly kind: 'invitation'; readonly userId: string }
  | { readonly kind: 'verify_email'; readonly userId: string; readonly addressKey: string }
  | { readonly kind: 'password_changed'; readonly userId: string; readonly by: PasswordSetBy }
  | { readonly kind: 'second_factor_changed'; readonly userId: string; readonly change: SecondFactorChange }
  | {
      readonly kind: 'passkey_changed';
      readonly userId: string;
      readonly change: PasskeyChange;
      readonly name: string;
    }
  /** To one of the two addresses of a change that waits for both. */
  | {
      readonly kind: 'email_change';
      readonly userId: string;
      readonly changeId: string;
      readonly side: 'former' | 'new';
    }
  /** `changeId` where whoever has the old mailbox can take it back. */
  | {
      readonly kind: 'email_changed';
      readonly userId: string;
      readonly formerAddress: string;
      readonly changeId?: string | undefined;
    }
  /** To every address that was proved: whoever reads one of them can stop it. */
  | {
      readonly kind: 'factor_recovery_started';
      readonly userId: string;
      readonly addressKey: string;
      /** ISO 8601. */
      readonly ripeAt: string;
      /** ISO 8601: since when they wait, where they were told before. */
      readonly remindsOf?: string;
    }
  | { readonly kind: 'factor_recovery_ready'; readonly userId: string }
  | { readonly kind: 'administrator_recovered'; readonly userId: string; readonly recoveredUserId: string }
  | {
      /** Somebody signed in in a new browser; or in a known one, from a place where they never were. */
      readonly kind: 'new_device' | 'new_place';
      readonly userId: string;
      readonly userAgent: string | null;
      readonly ipAddress: string | null;
    };

/** `asked`: anyone can have it sent. `notice`: something happened; whoever did it must not be able to keep it from arriving. */
export type MailClass = 'asked' | 'notice';

const ASKED: ReadonlySet<Mail['kind']> = new Set([
  'recovery',
  'email_sign_in',
  'verify_email',
  'email_change',
  'sign_up',
  'organization_invitation',
]);

export const mailClass = ({ kind }: Mail): MailClass => (ASKED.has(kind) ? 'asked' : 'notice');

/** As it waits in the outbox: beside what it says, whom it is from as far as that decides how it looks. */
export type WaitingMail = Mail & {
  /** The application on the way to which it came about. */
  readonly clientId?: string | undefined;
  /** Where the account does not tell it. */
  readonly organizationId?: string | undefined;
};

/** Written in this transaction, sent after its commit, at least once. */
export function enqueueMail(tx: Tx, mail: WaitingMail): void {
  const clientId = mail.clientId ?? clientOnTheWay(tx.actor, mail);
  tx.enqueue({ type: MAIL_DUE, payload: { ...mail, ...(clientId === undefined ? {} : { clientId }) } });
}

/** People on the way to an application, for themselves; not the one through which an administrator acts for others. */
const clientOnTheWay = ({ type, id, clientId }: Actor, { userId }: Mail): string | undefined =>
  type === 'anonymous' || (type === 'user' && id === userId) ? clientId : undefined;
