import type { Actor } from '../../kernel/actor.ts';
import { type AuthenticationParts, checkPassword, type PasswordAttempt } from './check-password.ts';
import type { SignInAccount } from './sign-in-account.ts';

export type Confirmation =
  | { readonly kind: 'confirmed'; readonly account: SignInAccount }
  | { readonly kind: 'refused' }
  | { readonly kind: 'throttled' | 'busy'; readonly retryAfterSeconds: number };

/**
 * Someone signed in proves again that it is them, before they change their password. Counted like a sign-in
 * (SECURITY-LESSONS 28: every entry of a credential is), so that an open browser is no place to guess from.
 */
export async function confirmPassword(
  parts: AuthenticationParts,
  actor: Actor,
  attempt: PasswordAttempt,
): Promise<Confirmation> {
  const check = await checkPassword(parts, attempt);
  if (check.kind === 'right') {
    await parts.throttle.refund(check.reservation.keys);
    return { kind: 'confirmed', account: check.account };
  }
  const account = 'account' in check ? check.account : undefined;
  await parts.transact(actor, async (tx) => {
    tx.record({
      type: 'passwords.confirmation-refused',
      outcome: 'refused',
      reason: check.kind === 'wrong' ? check.reason : check.kind,
      ...(account ? { target: { type: 'user', id: account.id } } : {}),
    });
  });
  return check.kind === 'wrong'
    ? { kind: 'refused' }
    : { kind: check.kind, retryAfterSeconds: check.retryAfterSeconds };
}
