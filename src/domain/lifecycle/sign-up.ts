import type { Actor } from '../../kernel/actor.ts';
import { widePrefix } from '../../kernel/network-prefix.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import type { AuthenticationParts } from '../authentication/check-password.ts';
import { setPassword } from '../credentials/set-password.ts';
import { consumeSignUpLink } from '../credentials/sign-up-links.ts';
import { enqueueMail } from '../notifications/mail.ts';
import { joinByDomain } from '../organizations/join-by-domain.ts';
import { emailAddress } from '../users/attribute-types.ts';
import { createUser } from '../users/create-user.ts';
import type { User } from '../users/user.ts';
import { followRules } from './follow-rules.ts';

/** Who may make an account of their own, and what they agree to by it. */
export type SignUpPolicy = {
  readonly registration: 'off' | 'open' | 'invitation' | 'domains';
  /** For `domains`, in lower case. */
  readonly registrationDomains: readonly string[];
  readonly terms: Terms | undefined;
  /** What the pages were in; mails are from then on. */
  readonly language: string;
};

export type Terms = { readonly version: string; readonly url: string };

export type SignUpRequest =
  | { readonly kind: 'taken' }
  | { readonly kind: 'address_invalid' | 'domain_refused' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number };

export type SignUpWish = {
  readonly address: string;
  readonly networkPrefix: string;
  readonly policy: SignUpPolicy;
  /** Of the page, and so of the mail. */
  readonly language: string;
  /** Of the sign-in page that led here, as the address has it: it decides how the mail looks, and nothing else. */
  readonly clientId?: string | undefined;
};

/**
 * Somebody wants an account and says what their address is. Whether there is one already decides which mail they get, and is
 * looked at when it is written: here the same happens for everybody (SECURITY-LESSONS 21).
 */
export async function requestSignUp(
  { transact, throttle }: Pick<AuthenticationParts, 'transact' | 'throttle'>,
  actor: Actor,
  { address, networkPrefix, policy, language, clientId }: SignUpWish,
): Promise<SignUpRequest> {
  const parsed = emailAddress.safeParse(address.trim());
  if (!parsed.success) return { kind: 'address_invalid' };
  if (!isAdmitted(policy, parsed.data)) return { kind: 'domain_refused' };
  const reservation = await throttle.reserve([
    { scope: 'recoveryFromNetwork', value: `sign-up\n${networkPrefix}\n${comparisonKey(parsed.data)}` },
    { scope: 'recoveryNetwork', value: networkPrefix },
    { scope: 'recoveryFromWideNetwork', value: widePrefix(networkPrefix) },
  ]);
  if (reservation.kind === 'throttled') return reservation;
  await transact(actor, async (tx) => inviteToSignUp(tx, parsed.data, { language, clientId }));
  return { kind: 'taken' };
}

/** A link by mail with which whoever has the address makes an account: asked for at the page, or sent by an operator. */
export function inviteToSignUp(
  tx: Tx,
  address: string,
  wish: Partial<Pick<SignUpWish, 'language' | 'clientId'>> = {},
): void {
  tx.record({ type: 'sign-ups.requested' });
  enqueueMail(tx, { kind: 'sign_up', userId: null, address, ...wish });
}

function isAdmitted({ registration, registrationDomains }: SignUpPolicy, address: string): boolean {
  if (registration !== 'domains') return true;
  return registrationDomains.includes(address.slice(address.lastIndexOf('@') + 1).toLowerCase());
}

export type SignUpCompletion = {
  readonly token: string;
  readonly displayName: string;
  /** Made before, outside the transaction. */
  readonly hash: string;
  readonly terms: Terms | undefined;
  /** What the pages were in; mails are from then on. */
  readonly language: string;
};

/**
 * Makes the account: its user name is the address the link went to, which is verified thereby, and which may be of an organization's domain. Undefined, and recorded, when the
 * link is none. Throws `conflict('users.user_name_taken')` when somebody got that name meanwhile, and the link stays good.
 */
export async function completeSignUp(
  tx: Tx,
  { token, displayName, hash, terms, language }: SignUpCompletion,
): Promise<User | undefined> {
  const link = await consumeSignUpLink(tx, token);
  if (!link) {
    tx.record({ type: 'sign-ups.refused', outcome: 'refused', reason: 'credentials.link_invalid' });
    return undefined;
  }
  const { address } = link;
  const user = await createUser(tx, {
    userName: address,
    displayName,
    preferredLanguage: language,
    emails: [{ value: address, primary: true, verified: true }],
  });
  await followRules(tx, user.id);
  await setPassword(tx, { userId: user.id, hash });
  if (terms) await acceptTerms(tx, user.id, terms);
  await joinByDomain(tx, { userId: user.id, address });
  tx.record({ type: 'sign-ups.completed', target: { type: 'user', id: user.id } });
  return user;
}

export async function acceptTerms(tx: Tx, userId: string, { version, url }: Terms): Promise<void> {
  await tx.query('INSERT INTO terms_acceptances (user_id, version, accepted_at) VALUES ($1, $2, $3)', [
    userId,
    version,
    tx.now,
  ]);
  tx.record({
    type: 'terms.accepted',
    target: { type: 'user', id: userId },
    details: { document: 'terms', version, url },
  });
}
