import type { PasskeySettings } from './passkey-settings.ts';

const FORMATS = ['fido-u2f', 'packed', 'android-safetynet', 'android-key', 'tpm', 'apple'] as const;

/** Loaded with the first passkey: it takes thirty megabytes, which installations without any do not pay. */
export const webauthn = () => import('@simplewebauthn/server');

/**
 * Whose word counts about an authenticator. The roots that the library brings are put aside too: where nobody's word is asked
 * for, no certificate that a stranger sends is followed anywhere.
 */
export async function trustOnly({ attestationRoots }: Pick<PasskeySettings, 'attestationRoots'>): Promise<void> {
  const { SettingsService } = await webauthn();
  for (const identifier of FORMATS)
    SettingsService.setRootCertificates({ identifier, certificates: [...attestationRoots] });
}

/** Whether the statement came with its maker's certificate; else it is the authenticator's word for itself. */
export async function hasCertificate(attestationObject: Uint8Array): Promise<boolean> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers');
  return decodeAttestationObject(Uint8Array.from(attestationObject)).get('attStmt').get('x5c') !== undefined;
}
