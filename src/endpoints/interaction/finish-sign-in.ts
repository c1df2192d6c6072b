import type { KeepSignIn } from '../../domain/authentication/keep-sign-in.ts';
import type { SignInOutcome } from '../../domain/authentication/verify-password-attempt.ts';
import { seeOther } from '../http/answer-page.ts';
import { writeDeviceTokens } from '../http/device-cookie.ts';
import type { Step } from './parts.ts';
import { isPasskeyOffered, offerPath } from './passkey-offer.tsx';
import { rememberReturn } from './return-cookie.ts';
import { markBrowser } from './same-browser.tsx';

type SignedIn = Extract<SignInOutcome, { kind: 'signed_in' }>;

/** The interaction goes on in the statement that records the sign-in, unless somebody else's session has to end first. */
export const keepSignIn =
  ({ ctx, parts, pending }: Step): KeepSignIn =>
  async ({ userId: accountId, authenticatedAt, amr }) => {
    if (pending.accountId !== undefined && pending.accountId !== accountId) return undefined;
    const browser = markBrowser(ctx, parts);
    return parts.interactions.keepLogin(ctx, { accountId, authenticatedAt, amr, browser });
  };

/**
 * The one way from the last factor to the provider: no session begins before. `form` is that of a password or what followed it,
 * after which a passkey may be offered.
 */
export async function finishSignIn(
  step: Step,
  signedIn: SignedIn,
  form: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { ctx, parts, pending } = step;
  const { userId: accountId, authenticatedAt, amr, deviceTokens, isKept } = signedIn;
  writeDeviceTokens(ctx, parts.issuer, deviceTokens);
  // Someone else than who was signed in here: their session ends before this one begins, and nothing is carried over.
  if (pending.accountId !== undefined && pending.accountId !== accountId) await parts.interactions.finishSwitch(ctx);
  const login = { accountId, authenticatedAt, amr };
  const next = isKept
    ? await parts.interactions.returnTo(ctx)
    : await parts.interactions.finishLogin(ctx, { ...login, browser: markBrowser(ctx, parts) });
  rememberReturn(ctx, parts, pending.uid, { clientId: pending.clientId, state: 'completed' });
  const signIn = { userId: accountId, signedInAt: Math.floor(authenticatedAt.getTime() / 1000), amr };
  seeOther(ctx, (await isPasskeyOffered(step, signIn, form)) ? offerPath(step) : next);
}
