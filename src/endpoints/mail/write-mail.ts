import { type Brand, contentIdOf, logosOf } from '../../../views/brand.ts';
import { accountDeletedMail } from '../../../views/email/account-deleted.ts';
import { administratorRecoveredMail } from '../../../views/email/administrator-recovered.ts';
import type { MailContent } from '../../../views/email/content.ts';
import { emailChangeMail } from '../../../views/email/email-change.ts';
import { emailChangedMail } from '../../../views/email/email-changed.ts';
import { emailSignInMail } from '../../../views/email/email-sign-in.ts';
import { factorRecoveryReadyMail, factorRecoveryStartedMail } from '../../../views/email/factor-recovery.ts';
import { invitationMail } from '../../../views/email/invitation.ts';
import { newDeviceMail } from '../../../views/email/new-device.ts';
import { organizationInvitationMail } from '../../../views/email/organization-invitation.ts';
import { passkeyChangedMail } from '../../../views/email/passkey-changed.ts';
import { passwordChangedMail } from '../../../views/email/password-changed.ts';
import { recoveryMail } from '../../../views/email/recovery.ts';
import { type RenderedMail, renderMail } from '../../../views/email/render-mail.tsx';
import { secondFactorChangedMail } from '../../../views/email/second-factor-changed.ts';
import { alreadyRegisteredMail, signUpMail } from '../../../views/email/sign-up.ts';
import { verifyEmailMail } from '../../../views/email/verify-email.ts';
import { type Catalogue, withProduct } from '../../../views/messages/catalogue.ts';
import type { Language } from '../../../views/messages/languages.ts';
import { sitePaths } from '../../../views/site.ts';
import { setPasswordUrl } from '../../domain/credentials/set-password-url.ts';
import { signUpUrl } from '../../domain/credentials/sign-up-links.ts';
import { verifyEmailUrl } from '../../domain/credentials/verify-email-url.ts';
import type { PreparedMail, StrangerFacts } from '../../domain/lifecycle/prepare-mail.ts';
import type { MailImage, WrittenMail } from '../../domain/notifications/written-mail.ts';
import { invitationUrl } from '../../domain/organizations/invitation-url.ts';
import { brandOf, senderOf } from '../http/brand-of.ts';
import { browserName } from '../http/browser-name.ts';
import { momentInWords } from '../http/moment-in-words.ts';
import { personSummary } from '../http/person-summary.ts';
import { languageOfPerson, type PresentationParts } from '../http/present-pages.ts';

export type MailWriterParts = Pick<PresentationParts, 'issuer' | 'catalogueOf' | 'language' | 'brandings'> & {
  readonly findLogo: (hash: string) => Promise<{ readonly mediaType: string; readonly bytes: Uint8Array } | undefined>;
};

/** `senderName`: whom it comes from, where an operator said so. */
export type BrandedMail = RenderedMail & Pick<WrittenMail, 'senderName' | 'images'>;

/**
 * Words for a mail, in the language of whoever it is for. Every address in it is on the configured issuer, whoever asked and
 * however (SECURITY-LESSONS 29).
 */
export const createMailWriter =
  (parts: MailWriterParts) =>
  async (mail: PreparedMail): Promise<BrandedMail> => {
    const words = parts.catalogueOf(languageFor(mail) ?? parts.language);
    const layers = (parts.brandings.held() ?? (await parts.brandings.load())).layersFor(mail.brandingFor);
    const wanted = brandOf(layers);
    const images = await imagesOf(parts, wanted);
    const brand = images === undefined ? { ...wanted, logo: undefined } : wanted;
    const catalogue = brand.name === undefined ? words : withProduct(words, brand.name);
    const { host } = new URL(parts.issuer);
    const rendered = renderMail({ catalogue, brand }, contentOf(parts.issuer, { catalogue, host }, mail), host);
    const senderName = senderOf(layers);
    return { ...rendered, ...(senderName !== undefined && { senderName }), ...(images?.length && { images }) };
  };

/** Undefined when one was taken away meanwhile: a mail shows no empty frames. */
async function imagesOf({ findLogo }: MailWriterParts, brand: Brand): Promise<readonly MailImage[] | undefined> {
  const logos = logosOf(brand);
  const found = await Promise.all(
    logos.map(async (one) => ({ contentId: contentIdOf(one), image: await findLogo(one.hash) })),
  );
  const images = found.flatMap(({ contentId, image }) => (image === undefined ? [] : [{ ...image, contentId }]));
  return images.length === logos.length ? images : undefined;
}

const languageFor = (mail: PreparedMail): Language | undefined =>
  languageOfPerson(mail.user ?? { preferredLanguage: mail.language });

type Frame = { readonly catalogue: Catalogue; readonly host: string };

function contentOf(issuer: string, frame: Frame, mail: PreparedMail): MailContent {
  return mail.user === undefined ? strangerContent(issuer, frame, mail.facts) : personalContent(issuer, frame, mail);
}

function strangerContent(issuer: string, frame: Frame, facts: StrangerFacts): MailContent {
  if (facts.kind === 'account_deleted')
    return accountDeletedMail({ ...frame, ...facts, when: momentInWords(frame.catalogue, {}, facts.at) });
  if (facts.kind === 'organization_invitation')
    return organizationInvitationMail({ ...frame, ...facts, url: invitationUrl(issuer, facts.token) });
  if (facts.kind === 'sign_up') return signUpMail({ ...frame, ...facts, url: signUpUrl(issuer, facts.token) });
  return alreadyRegisteredMail({ ...frame, ...facts, recoveryUrl: `${issuer}${sitePaths.forgotPassword}` });
}

type PersonalMail = Exclude<PreparedMail, { user: undefined }>;

function personalContent(issuer: string, { catalogue, host }: Frame, { user, facts }: PersonalMail): MailContent {
  const { displayName: person, userName } = personSummary(user);
  const frame = { catalogue, person, host, userName };
  const momentFor = (moment: Date) => momentInWords(catalogue, user, moment);
  const noticed = (notice: { readonly at: Date; readonly notMeToken: string }) => ({
    when: momentFor(notice.at),
    notMeUrl: linkTo(issuer, sitePaths.notMe, notice.notMeToken),
  });
  switch (facts.kind) {
    case 'recovery':
      return recoveryMail({ ...frame, ...facts, url: setPasswordUrl(issuer, facts.token) });
    case 'email_sign_in': {
      const url = facts.link && emailLinkUrl(issuer, facts.link);
      return emailSignInMail({ ...frame, ...facts, url });
    }
    case 'invitation':
      return invitationMail({ ...frame, ...facts, url: setPasswordUrl(issuer, facts.token) });
    case 'verify_email':
      return verifyEmailMail({ ...frame, ...facts, url: verifyEmailUrl(issuer, facts.token) });
    case 'password_changed':
      return passwordChangedMail({ ...frame, by: facts.by, ...noticed(facts) });
    case 'second_factor_changed':
      return secondFactorChangedMail({ ...frame, change: facts.change, ...noticed(facts) });
    case 'passkey_changed':
      return passkeyChangedMail({ ...frame, change: facts.change, name: facts.name, ...noticed(facts) });
    case 'email_changed':
      return emailChangedMail({
        ...{ ...frame, address: facts.formerAddress, when: momentFor(facts.at) },
        undo: facts.undo && {
          url: linkTo(issuer, sitePaths.undoEmailChange, facts.undo.token),
          until: momentFor(facts.undo.until),
        },
      });
    case 'email_change':
      return emailChangeMail({ ...frame, ...facts, url: linkTo(issuer, sitePaths.confirmEmailChange, facts.token) });
    case 'factor_recovery_started':
      return factorRecoveryStartedMail({
        ...{ ...frame, ripeAt: momentFor(facts.ripeAt), when: momentFor(facts.at), isReminder: facts.isReminder },
        stopUrl: linkTo(issuer, sitePaths.factorRecovery, facts.token),
      });
    case 'factor_recovery_ready':
      return factorRecoveryReadyMail({
        ...frame,
        ...facts,
        url: linkTo(issuer, sitePaths.factorRecovery, facts.token),
      });
    case 'administrator_recovered':
      return administratorRecoveredMail({
        ...frame,
        recoveredUserName: facts.recoveredUserName,
        when: momentFor(facts.at),
      });
    case 'new_device':
    case 'new_place':
      return newDeviceMail({
        ...frame,
        isKnown: facts.kind === 'new_place',
        ...noticed(facts),
        browser: browserName(facts.userAgent, catalogue.page('common').browserOn),
        networkAddress: facts.ipAddress ?? undefined,
      });
  }
}

const emailLinkUrl = (issuer: string, link: { readonly interaction: string; readonly token: string }): string =>
  linkTo(issuer, `/interaction/${encodeURIComponent(link.interaction)}/email-link`, link.token);

const linkTo = (issuer: string, path: string, token: string): string =>
  `${issuer}${path}?token=${encodeURIComponent(token)}`;
