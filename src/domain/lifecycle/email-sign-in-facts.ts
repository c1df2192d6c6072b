import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import {
  EMAIL_SIGN_IN_SECONDS,
  type EmailSignInSettings,
  giveEmailSecrets,
  interactionContext,
  mailedCode,
} from '../credentials/email-sign-ins.ts';
import { mailedLinkToken } from '../credentials/mailed-links.ts';
import { findSecondFactors } from '../credentials/second-factors.ts';
import type { Mail } from '../notifications/mail.ts';

export type EmailSignInKeys = EmailSignInSettings & {
  /** Opens what a second factor's secrets are sealed with. */
  readonly open: (envelope: Uint8Array, context: string) => Buffer;
};

export type EmailSignInFacts = {
  readonly kind: 'email_sign_in';
  readonly lifetimeSeconds: number;
  /** Undefined where a mailbox is not enough: they are told how they sign in. */
  readonly code: string | undefined;
  /** Where the link leads, in the browser that asked. */
  readonly link: { readonly interaction: string; readonly token: string } | undefined;
};

type EmailSignInMail = Extract<Mail, { kind: 'email_sign_in' }> & { readonly userId: string; readonly to: string };

/** Whoever has an authenticator app has chosen that less is not enough; nor is it where this was turned off meanwhile. */
export async function emailSignInFacts(
  tx: Tx,
  { links, emailSignIn }: { readonly links: Uint8Array; readonly emailSignIn?: EmailSignInKeys | undefined },
  messageId: string,
  { kind, userId, signInId: id, interaction, to }: EmailSignInMail,
): Promise<EmailSignInFacts> {
  const lifetimeSeconds = EMAIL_SIGN_IN_SECONDS;
  if (!emailSignIn || (await findSecondFactors(tx, userId)).totp)
    return { kind, lifetimeSeconds, code: undefined, link: undefined };
  const code = mailedCode(links, messageId);
  const token = emailSignIn.hasLink ? mailedLinkToken(links, 'email_sign_in', messageId) : undefined;
  await giveEmailSecrets(tx, emailSignIn, { id, userId, addressKey: comparisonKey(to), code, token });
  const uid = emailSignIn.open(Buffer.from(interaction, 'base64url'), interactionContext(id)).toString();
  return { kind, lifetimeSeconds, code, link: token === undefined ? undefined : { interaction: uid, token } };
}
