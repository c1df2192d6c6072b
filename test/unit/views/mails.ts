import { accountDeletedMail } from '../../../views/email/account-deleted.ts';
import { administratorRecoveredMail } from '../../../views/email/administrator-recovered.ts';
import { emailChangeMail } from '../../../views/email/email-change.ts';
import { emailChangedMail } from '../../../views/email/email-changed.ts';
import { emailSignInMail } from '../../../views/email/email-sign-in.ts';
import { factorRecoveryReadyMail, factorRecoveryStartedMail } from '../../../views/email/factor-recovery.ts';
import { invitationMail } from '../../../views/email/invitation.ts';
import { newDeviceMail } from '../../../views/email/new-device.ts';
import { passkeyChangedMail } from '../../../views/email/passkey-changed.ts';
import { passwordChangedMail } from '../../../views/email/password-changed.ts';
import { recoveryMail } from '../../../views/email/recovery.ts';
import { type RenderedMail, renderMail } from '../../../views/email/render-mail.tsx';
import { secondFactorChangedMail } from '../../../views/email/second-factor-changed.ts';
import { alreadyRegisteredMail, signUpMail } from '../../../views/email/sign-up.ts';
import { verifyEmailMail } from '../../../views/email/verify-email.ts';
import { createCatalogue } from '../../../views/messages/catalogue.ts';
import type { Language } from '../../../views/messages/languages.ts';
import type { Text } from './pages.tsx';

/** Every mail in every state, by a name for it; `t` as for pages. */
export function allMails(t: Text = (sample) => sample, language: Language = 'en'): ReadonlyMap<string, RenderedMail> {
  const host = 'id.example.com';
  const catalogue = createCatalogue(language);
  const frame = { catalogue, person: t('Alice Archer'), host, userName: t('alice@example.com') };
  const url = t('https://id.example.com/account/set-password?token=Zx81');
  const recoveryUrl = t('https://id.example.com/recover');
  const when = 'Wednesday, 25 November 2026 at 17:38 UTC';
  const changed = { ...frame, when, notMeUrl: t('https://id.example.com/account/not-me?token=Zx81') };
  const addresses = { formerAddress: t('alice@example.org'), newAddress: t('a@example.net') };
  const emailChange = { ...{ ...frame, ...addresses }, url, lifetimeSeconds: 86_400 };
  const mails = {
    recovery: recoveryMail({ ...frame, url, lifetimeSeconds: 1800 }),
    'email-sign-in': emailSignInMail({ ...frame, code: '12345678', url: undefined, lifetimeSeconds: 600 }),
    'email-sign-in-link': emailSignInMail({ ...frame, code: '12345678', url, lifetimeSeconds: 600 }),
    'email-sign-in-not-enough': emailSignInMail({ ...frame, code: undefined, url: undefined, lifetimeSeconds: 600 }),
    invitation: invitationMail({ ...frame, url, lifetimeSeconds: 604_800 }),
    'sign-up': signUpMail({ catalogue, host, url, lifetimeSeconds: 86_400 }),
    'already-registered': alreadyRegisteredMail({ catalogue, host, userName: t('alice'), recoveryUrl }),
    'verify-email': verifyEmailMail({ ...frame, url, lifetimeSeconds: 86_400, address: t('alice@example.org') }),
    'password-changed': passwordChangedMail({ ...changed, by: 'self' }),
    'password-set-by-link': passwordChangedMail({ ...changed, by: 'link' }),
    'password-set-by-administrator': passwordChangedMail({ ...changed, by: 'administrator' }),
    'passkey-added': passkeyChangedMail({ ...changed, change: 'added', name: t('My laptop') }),
    'passkey-copied': passkeyChangedMail({ ...changed, change: 'copied', name: t('My laptop') }),
    'second-factor-added': secondFactorChangedMail({ ...changed, change: 'totp_added' }),
    'second-factor-removed': secondFactorChangedMail({ ...changed, change: 'removed_by_administrator' }),
    'email-changed': emailChangedMail({ ...frame, when, address: t('alice@example.org') }),
    'email-changed-undo': emailChangedMail({
      ...{ ...frame, when, address: t('alice@example.org') },
      undo: { url, until: when },
    }),
    'email-change-former': emailChangeMail({ ...emailChange, side: 'former' }),
    'email-change-new': emailChangeMail({ ...emailChange, side: 'new' }),
    'email-change-first': emailChangeMail({ ...emailChange, side: 'new', formerAddress: null }),
    'second-factor-waited': secondFactorChangedMail({ ...changed, change: 'removed_after_waiting' }),
    'factor-recovery-started': factorRecoveryStartedMail({ ...frame, when, ripeAt: when, stopUrl: url }),
    'factor-recovery-reminder': factorRecoveryStartedMail({
      ...{ ...frame, when, ripeAt: when, stopUrl: url, isReminder: true },
    }),
    'factor-recovery-ready': factorRecoveryReadyMail({ ...frame, url, lifetimeSeconds: 604_800 }),
    'account-deleted': accountDeletedMail({ catalogue, host, userName: t('alice'), when }),
    'administrator-recovered': administratorRecoveredMail({ ...frame, when, recoveredUserName: t('root') }),
    'new-device': newDeviceMail({
      isKnown: false,
      ...changed,
      browser: t('Firefox on Linux'),
      networkAddress: t('2001:db8::1'),
    }),
    'new-device-unknown': newDeviceMail({ ...changed, isKnown: false, browser: undefined, networkAddress: undefined }),
    'new-place': newDeviceMail({ ...changed, isKnown: true, browser: 'Firefox', networkAddress: t('203.0.113.7') }),
  };
  return new Map(Object.entries(mails).map(([name, mail]) => [name, renderMail({ catalogue }, mail, host)]));
}
