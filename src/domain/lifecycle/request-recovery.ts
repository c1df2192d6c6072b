import type { Actor } from '../../kernel/actor.ts';
import { widePrefix } from '../../kernel/network-prefix.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { type AuthenticationParts, unknownNameHash } from '../authentication/check-password.ts';
import { findSignInAccount } from '../authentication/sign-in-account.ts';
import { enqueueMail } from '../notifications/mail.ts';

export type RecoveryRequest = {
  /** As typed: a user name or an e-mail address. */
  readonly userName: string;
  readonly networkPrefix: string;
  /** Of the sign-in page that led here, as the address has it: it decides how the mail looks, and nothing else. */
  readonly clientId?: string | undefined;
};

export type RecoveryOutcome =
  | { readonly kind: 'taken' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number };

/**
 * Somebody asks for a link to choose a new password. The same steps, statements and answer whether the name means nobody,
 * somebody without a verified address, or somebody who gets the mail: who that is, is decided when it is written
 * (SECURITY-LESSONS 21). Counted by network alone and by name within it, so that nobody keeps the real person from asking.
 */
export async function requestRecovery(
  { pool, transact, throttle, throttleKey, clock }: AuthenticationParts,
  actor: Actor,
  { userName, networkPrefix, clientId }: RecoveryRequest,
): Promise<RecoveryOutcome> {
  const key = comparisonKey(userName);
  const reservation = await throttle.reserve([
    { scope: 'recoveryFromNetwork', value: `${networkPrefix}\n${key}` },
    { scope: 'recoveryNetwork', value: networkPrefix },
    { scope: 'recoveryFromWideNetwork', value: widePrefix(networkPrefix) },
  ]);
  if (reservation.kind === 'throttled') return reservation;
  const account = await findSignInAccount(pool, { typedName: userName, deviceHashes: [], now: clock.now() });
  await transact(actor, async (tx) => {
    tx.record({
      type: 'recoveries.requested',
      ...(account
        ? { target: { type: 'user', id: account.id } }
        : { details: { userNameHash: unknownNameHash(throttleKey, userName) } }),
    });
    enqueueMail(tx, { kind: 'recovery', userId: account?.id ?? null, addressKey: account ? key : null, clientId });
  });
  return { kind: 'taken' };
}
