import type { SignInOutcome } from '../../domain/authentication/verify-password-attempt.ts';
import { seeOther } from '../http/answer-page.ts';
import { writeDeviceTokens } from '../http/device-cookie.ts';
import type { Step } from './parts.ts';
import { rememberReturn } from './return-cookie.ts';
import { markBrowser } from './same-browser.tsx';

type SignedIn = Extract<SignInOutcome, { kind: 'signed_in' }>;

/** The one way from the last factor to the provider: no session begins before. */
export async function finishSignIn({ ctx, parts, pending }: Step, signedIn: SignedIn): Promise<void> {
  const { userId: accountId, authenticatedAt, amr, deviceTokens } = signedIn;
  writeDeviceTokens(ctx, parts.issuer, deviceTokens);
  // Someone else than who was signed in here: their session ends before this one begins, and nothing is carried over.
  if (pending.accountId !== undefined && pending.accountId !== accountId) await parts.interactions.finishSwitch(ctx);
  const browser = markBrowser(ctx, parts);
  const next = await parts.interactions.finishLogin(ctx, { accountId, authenticatedAt, amr, browser });
  rememberReturn(ctx, parts, pending.uid, { clientId: pending.clientId, state: 'completed' });
  seeOther(ctx, next);
}
