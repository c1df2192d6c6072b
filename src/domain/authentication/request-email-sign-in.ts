import type { Actor } from '../../kernel/actor.ts';
import { widePrefix } from '../../kernel/network-prefix.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { interactionContext, openEmailSignIn } from '../credentials/email-sign-ins.ts';
import { enqueueMail } from '../notifications/mail.ts';
import { type AuthenticationParts, unknownNameHash } from './check-password.ts';
import { findSignInAccount } from './sign-in-account.ts';

export type EmailSignInRequest = {
  /** As typed: a user name or an e-mail address. */
  readonly userName: string;
  readonly networkPrefix: string;
  /** The sign-in it is for, and the browser it is made in. */
  readonly interaction: string;
  readonly browser: string;
};

export type EmailSignInWish =
  | { readonly kind: 'taken' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number };

/**
 * Somebody asks for a code by mail. The same steps, statements and answer whoever the name means: whether there is something to send is decided
 * when the mail is written (SECURITY-LESSONS 21). Counted with links for a new password: both are mails that anybody can have sent.
 */
export async function requestEmailSignIn(
  { pool, transact, throttle, throttleKey, clock, secondFactors }: AuthenticationParts,
  actor: Actor,
  { userName, networkPrefix, interaction, browser }: EmailSignInRequest,
): Promise<EmailSignInWish> {
  const key = comparisonKey(userName);
  const reservation = await throttle.reserve([
    { scope: 'recoveryFromNetwork', value: `${networkPrefix}\n${key}` },
    { scope: 'recoveryNetwork', value: networkPrefix },
    { scope: 'recoveryFromWideNetwork', value: widePrefix(networkPrefix) },
  ]);
  if (reservation.kind === 'throttled') return reservation;
  const account = await findSignInAccount(pool, { typedName: userName, deviceHashes: [], now: clock.now() });
  await transact(actor, async (tx) => {
    const signInId = await openEmailSignIn(tx, { interaction, browser });
    const sealed = secondFactors.seal(Buffer.from(interaction), interactionContext(signInId)).toString('base64url');
    tx.record({
      type: 'email-sign-ins.requested',
      ...(account
        ? { target: { type: 'user', id: account.id } }
        : { details: { userNameHash: unknownNameHash(throttleKey, userName) } }),
    });
    enqueueMail(tx, {
      kind: 'email_sign_in',
      userId: account?.id ?? null,
      addressKey: account ? key : null,
      signInId,
      interaction: sealed,
    });
  });
  return { kind: 'taken' };
}
