import { administratorRecoveredMail } from '../../../views/email/administrator-recovered.ts';
import type { MailContent } from '../../../views/email/content.ts';
import { emailChangedMail } from '../../../views/email/email-changed.ts';
import { invitationMail } from '../../../views/email/invitation.ts';
import { newDeviceMail } from '../../../views/email/new-device.ts';
import { passwordChangedMail } from '../../../views/email/password-changed.ts';
import { recoveryMail } from '../../../views/email/recovery.ts';
import { type RenderedMail, renderMail } from '../../../views/email/render-mail.tsx';
import { secondFactorChangedMail } from '../../../views/email/second-factor-changed.ts';
import { alreadyRegisteredMail, signUpMail } from '../../../views/email/sign-up.ts';
import { verifyEmailMail } from '../../../views/email/verify-email.ts';
import { sitePaths } from '../../../views/site.ts';
import { setPasswordUrl } from '../../domain/credentials/set-password-url.ts';
import { signUpUrl } from '../../domain/credentials/sign-up-links.ts';
import { verifyEmailUrl } from '../../domain/credentials/verify-email-url.ts';
import type { PreparedMail } from '../../domain/lifecycle/prepare-mail.ts';
import type { SignUpFacts } from '../../domain/lifecycle/sign-up-facts.ts';
import type { User } from '../../domain/users/user.ts';
import { browserName } from '../http/browser-name.ts';
import { personSummary } from '../http/person-summary.ts';

/** Words for a mail. Every address in it is on the configured issuer, whoever asked and however (SECURITY-LESSONS 29). */
export const createMailWriter =
  (issuer: string) =>
  (mail: PreparedMail): RenderedMail => {
    const { host } = new URL(issuer);
    return renderMail(contentOf(issuer, host, mail), host);
  };

function contentOf(issuer: string, host: string, mail: PreparedMail): MailContent {
  return mail.user === undefined ? signUpContent(issuer, host, mail.facts) : personalContent(issuer, host, mail);
}

function signUpContent(issuer: string, host: string, facts: SignUpFacts): MailContent {
  if (facts.kind === 'sign_up') return signUpMail({ host, ...facts, url: signUpUrl(issuer, facts.token) });
  return alreadyRegisteredMail({ host, ...facts, recoveryUrl: `${issuer}${sitePaths.forgotPassword}` });
}

type PersonalMail = Exclude<PreparedMail, { user: undefined }>;

function personalContent(issuer: string, host: string, { user, facts }: PersonalMail): MailContent {
  const { displayName: person, userName } = personSummary(user);
  const frame = { person, host, userName };
  const recoveryUrl = `${issuer}${sitePaths.forgotPassword}`;
  switch (facts.kind) {
    case 'recovery':
      return recoveryMail({ ...frame, ...facts, url: setPasswordUrl(issuer, facts.token) });
    case 'invitation':
      return invitationMail({ ...frame, ...facts, url: setPasswordUrl(issuer, facts.token) });
    case 'verify_email':
      return verifyEmailMail({ ...frame, ...facts, url: verifyEmailUrl(issuer, facts.token) });
    case 'password_changed':
      return passwordChangedMail({ ...frame, by: facts.by, when: momentFor(user, facts.at), recoveryUrl });
    case 'second_factor_changed':
      return secondFactorChangedMail({ ...frame, change: facts.change, when: momentFor(user, facts.at), recoveryUrl });
    case 'email_changed':
      return emailChangedMail({ ...frame, address: facts.formerAddress, when: momentFor(user, facts.at) });
    case 'administrator_recovered':
      return administratorRecoveredMail({
        ...frame,
        recoveredUserName: facts.recoveredUserName,
        when: momentFor(user, facts.at),
      });
    case 'new_device':
      return newDeviceMail({
        ...frame,
        when: momentFor(user, facts.at),
        browser: browserName(facts.userAgent),
        networkAddress: facts.ipAddress ?? undefined,
        recoveryUrl,
      });
  }
}

/** In the person's own time zone where it is known. */
function momentFor({ timezone = 'UTC' }: Pick<User, 'timezone'>, moment: Date): string {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: timezone,
    timeZoneName: 'short',
  }).format(moment);
}
