import { verifyPasskeyAttempt } from '../../domain/authentication/verify-passkey-attempt.ts';
import { visitorOf } from '../http/answer-page.ts';
import { readDeviceTokens } from '../http/device-cookie.ts';
import { hasCsrfToken } from './csrf.ts';
import { finishSignIn, keepSignIn } from './finish-sign-in.ts';
import { showLogin } from './login-page.tsx';
import type { Step } from './parts.ts';

/** POST `passkey`: what the browser answered, as JSON. A whole sign-in, whatever came before it. */
export async function passkey(step: Step, form: Readonly<Record<string, string>>): Promise<void> {
  const { ctx, parts, pending } = step;
  if (!hasCsrfToken(parts.csrfKey, pending, form)) return showLogin(step, { problem: { kind: 'form_expired' } });
  const outcome = await verifyPasskeyAttempt(parts.authentication, visitorOf(ctx, pending.clientId), {
    answer: form.passkey ?? '',
    interaction: pending.uid,
    deviceTokens: readDeviceTokens(ctx, parts.issuer),
    keep: keepSignIn(step),
  });
  if (outcome.kind === 'signed_in') return finishSignIn(step, outcome);
  const { unknownCredentialId } = outcome;
  return showLogin(step, { problem: { kind: 'wrong_passkey' }, unknownCredentialId });
}
