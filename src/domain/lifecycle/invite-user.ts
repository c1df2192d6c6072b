import { invalid } from '../../kernel/errors.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { enqueueMail } from '../notifications/mail.ts';
import type { User } from '../users/user.ts';

export type InvitationWish = {
  /** True: it must be possible. False: none. Undefined: where it is possible. */
  readonly isWanted: boolean | undefined;
  readonly isMailAvailable: boolean;
  readonly hasPassword: boolean;
};

/**
 * Somebody new gets a mail with which they set their first password. Throws `invalid('users.invitation_impossible')` when it
 * was asked for and cannot be.
 */
export function inviteUser(tx: Tx, user: User, { isWanted, isMailAvailable, hasPassword }: InvitationWish): void {
  if (isWanted === false) return;
  const obstacle = hasPassword
    ? 'the person has a password already'
    : user.emails.length === 0
      ? 'the person has no e-mail address'
      : isMailAvailable
        ? undefined
        : 'no mail server is configured (DOORWARD_SMTP_URL)';
  if (obstacle === undefined) enqueueMail(tx, { kind: 'invitation', userId: user.id });
  else if (isWanted)
    throw invalid('users.invitation_impossible', {
      detail: obstacle,
      faults: [{ pointer: '/sendInvitation', detail: obstacle }],
    });
}
