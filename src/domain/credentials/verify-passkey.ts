import { type ChallengeScope, isChallengeFor } from './passkey-challenge.ts';
import { passkeyAlgorithms, userHandle } from './passkey-options.ts';
import { type AssertionResponse, type RegistrationResponse, readRegistration } from './passkey-response.ts';
import type { PasskeySettings } from './passkey-settings.ts';
import type { NewPasskey, Passkey, VerifiedAssertion } from './passkeys.ts';
import { hasCertificate, trustOnly, webauthn } from './webauthn.ts';

type Refused = { readonly kind: 'refused'; readonly reason: string };

/** WebAuthn §7.1. What is wrong with it is for the log. */
export async function verifyRegistration(
  settings: PasskeySettings,
  { answer, scope, now }: { answer: string; scope: ChallengeScope; now: Date },
): Promise<Refused | { readonly kind: 'verified'; readonly challenge: string; readonly passkey: NewPasskey }> {
  const read = readRegistration(answer);
  if (!read) return { kind: 'refused', reason: 'malformed' };
  const { response, challenge } = read;
  if (!isChallengeFor(settings, { challenge, scope, now })) return { kind: 'refused', reason: 'wrong_challenge' };
  const info = await checkRegistration(settings, response, challenge);
  if (!info) return { kind: 'refused', reason: 'not_verified' };
  const isAttested = settings.attestationRoots.length > 0;
  // A statement without a maker's certificate is the authenticator's word for itself (SECURITY-LESSONS 34).
  if (isAttested && !info.hasCertificate) return { kind: 'refused', reason: 'not_attested' };
  const { allowedAaguids, deniedAaguids } = settings;
  const isAllowed = allowedAaguids.length === 0 || allowedAaguids.includes(info.passkey.aaguid);
  if (!isAllowed || deniedAaguids.includes(info.passkey.aaguid))
    return { kind: 'refused', reason: 'authenticator_not_allowed' };
  return { kind: 'verified', challenge, passkey: { ...info.passkey, isAttested } };
}

async function checkRegistration(settings: PasskeySettings, response: RegistrationResponse, challenge: string) {
  const { verifyRegistrationResponse } = await webauthn();
  await trustOnly(settings);
  const verified = await orRefused(
    verifyRegistrationResponse({
      // The library only hands transports on; what is kept is what was sent.
      response: { ...response, clientExtensionResults: {}, response: { ...response.response, transports: [] } },
      expectedChallenge: challenge,
      expectedOrigin: settings.origin,
      expectedRPID: settings.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...passkeyAlgorithms],
    }),
  );
  if (!verified?.verified) return undefined;
  const { credential, aaguid, credentialDeviceType, credentialBackedUp, attestationObject } = verified.registrationInfo;
  return {
    hasCertificate: await hasCertificate(attestationObject),
    passkey: {
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey),
      signCount: credential.counter,
      aaguid,
      transports: response.response.transports,
      isBackupEligible: credentialDeviceType === 'multiDevice',
      isBackedUp: credentialBackedUp,
    },
  };
}

/** WebAuthn §7.2 but for the challenge's single use and the signature counter, which the database decides. */
export async function verifyAssertion(
  settings: PasskeySettings,
  passkey: Passkey,
  { response, challenge }: { response: AssertionResponse; challenge: string },
): Promise<Refused | ({ readonly kind: 'verified' } & VerifiedAssertion)> {
  if (!Buffer.from(response.response.userHandle, 'base64url').equals(userHandle(passkey.userId)))
    return { kind: 'refused', reason: 'other_person' };
  const { verifyAuthenticationResponse } = await webauthn();
  const verified = await orRefused(
    verifyAuthenticationResponse({
      response: { ...response, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: settings.origin,
      expectedRPID: settings.rpId,
      requireUserVerification: true,
      credential: { id: passkey.credentialId, publicKey: Uint8Array.from(passkey.publicKey), counter: 0 },
    }),
  );
  if (!verified?.verified) return { kind: 'refused', reason: 'not_verified' };
  const { newCounter, credentialDeviceType, credentialBackedUp } = verified.authenticationInfo;
  // §6.1.3: made to be backed up or not is settled when it is made.
  if ((credentialDeviceType === 'multiDevice') !== passkey.isBackupEligible)
    return { kind: 'refused', reason: 'backup_eligibility_changed' };
  return { kind: 'verified', signCount: newCounter, isBackedUp: credentialBackedUp };
}

/** The library throws for everything that is wrong with an answer, without a kind of its own. */
const orRefused = <Result>(work: Promise<Result>): Promise<Result | undefined> => work.catch(() => undefined);
