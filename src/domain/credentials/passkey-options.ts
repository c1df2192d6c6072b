import { type ChallengeScope, newChallenge } from './passkey-challenge.ts';
import type { PasskeySettings } from './passkey-settings.ts';

/** COSE algorithms (RFC 9053), the preferred first: ES256, EdDSA, RS256. */
export const passkeyAlgorithms: readonly number[] = [-7, -8, -257];
const FIVE_MINUTES_MS = 5 * 60 * 1000;

/** WebAuthn §5.4.3: the user handle, without anything that says who it is. */
export const userHandle = (userId: string): Buffer => Buffer.from(userId.replaceAll('-', ''), 'hex');

/**
 * What a browser is asked to sign in with; JSON as WebAuthn §5.1.8 has it. It names no passkey, so it is the same for everyone,
 * known or not (SECURITY-LESSONS 21): the browser offers what it has.
 */
export function requestOptions(settings: PasskeySettings, scope: ChallengeScope, now: Date) {
  return {
    challenge: newChallenge(settings, scope, now),
    rpId: settings.rpId,
    timeout: FIVE_MINUTES_MS,
    // With it a passkey is two factors: something they have, and something they know or are.
    userVerification: 'required',
    allowCredentials: [],
  } as const;
}

export type NewOwner = {
  readonly userId: string;
  readonly userName: string;
  readonly displayName: string;
  /** Those they have: one authenticator makes no second. */
  readonly credentialIds: readonly string[];
};

/** What a browser is asked to make a passkey from; JSON as WebAuthn §5.1.8 has it. */
export function creationOptions(settings: PasskeySettings, scope: ChallengeScope, owner: NewOwner, now: Date) {
  const { rpId, rpName, attestationRoots } = settings;
  return {
    rp: { id: rpId, name: rpName },
    user: {
      id: userHandle(owner.userId).toString('base64url'),
      name: owner.userName,
      displayName: owner.displayName,
    },
    challenge: newChallenge(settings, scope, now),
    pubKeyCredParams: passkeyAlgorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout: FIVE_MINUTES_MS,
    excludeCredentials: owner.credentialIds.map((id) => ({ type: 'public-key', id })),
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    attestation: attestationRoots.length > 0 ? 'direct' : 'none',
  } as const;
}
