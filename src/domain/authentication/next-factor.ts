/**
 * Which factor a sign-in asks for next, and what those that were verified are worth. Everything here is a rule of its own:
 * pages ask, nothing is looked up.
 */

/** RFC 8176, of which `mfa` is never a factor but says that there were two. */
export type Method = 'pwd' | 'otp' | PasskeyMethod;

/** A key in hardware or in software, and that somebody was there. */
export type PasskeyMethod = 'hwk' | 'swk' | 'user';
export type Amr = Method | 'mfa';

/** Values of `acr` (RFC 9470 §3 asks that a client can name them). */
export const acr = {
  password: 'urn:doorward:acr:password',
  twoFactors: 'urn:doorward:acr:two-factors',
} as const;

/** Whoever has a second factor is asked for it; one given lately in a browser that its person trusts is as if they had none. */
export function nextFactor({
  verified,
  hasTotp,
}: {
  readonly verified: readonly string[];
  readonly hasTotp: boolean;
}): 'password' | 'code' | undefined {
  if (!verified.includes('pwd')) return 'password';
  return hasTotp && !verified.includes('otp') ? 'code' : undefined;
}

/** RFC 8176 §2: `mfa` stands beside the methods that were used. */
export const amrOf = (methods: readonly Method[]): readonly Amr[] =>
  methods.length > 1 ? [...methods, 'mfa'] : methods;

/**
 * That a key cannot leave its device is known only where its maker vouches for it; every other key may be one of software. The
 * authenticator has verified its person, so that it is two factors.
 */
export const passkeyMethods = (passkey: { readonly isAttested: boolean; readonly isBackupEligible: boolean }) =>
  [passkey.isAttested && !passkey.isBackupEligible ? 'hwk' : 'swk', 'user'] as const;

/** A code by mail alone reaches none of the classes: it is no password, and says so by `amr`. */
export function acrOf(amr: readonly string[]): string | undefined {
  if (amr.includes('mfa')) return acr.twoFactors;
  return amr.includes('pwd') ? acr.password : undefined;
}

/**
 * Two factors are a password and more: who asks for the lesser class alone is told that it was reached, so that nobody is
 * asked to sign in again for having done more.
 */
export function shownAcr(reached: string | undefined, wanted: readonly string[]): string | undefined {
  const isLessEnough = wanted.includes(acr.password) && !wanted.includes(acr.twoFactors);
  return reached === acr.twoFactors && isLessEnough ? acr.password : reached;
}
