import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { basicConstraints, certificateOf, der, extension, pemOf } from './x509.ts';

export type AuthenticatorMaker = {
  /** PEM, for `DOORWARD_PASSKEY_ATTESTATION_ROOTS`. */
  readonly root: string;
  /** What the maker puts into its authenticators of one model: a certificate and its key. */
  attestationFor(aaguid: string): { readonly certificate: X509Certificate; readonly key: KeyObject };
};

/** FIDO `id-fido-gen-ce-aaguid`, 1.3.6.1.4.1.45724.1.1.4: the model that the certificate was made for. */
const AAGUID = '2b0601040182e51c010104';

/** Somebody who makes authenticators and vouches for them (WebAuthn §8.2.1). */
export function aMaker(name: string): AuthenticatorMaker {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = { CN: `${name} root` };
  const own = { subject: issuer, issuer, signedBy: keys.privateKey };
  const root = certificateOf({ ...own, publicKey: keys.publicKey, extensions: [basicConstraints(true)] });
  return {
    root: pemOf(root),
    attestationFor(aaguid) {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const certificate = certificateOf({
        subject: { C: 'CH', O: name, OU: 'Authenticator Attestation', CN: `${name} one` },
        issuer,
        publicKey,
        signedBy: keys.privateKey,
        extensions: [
          basicConstraints(false),
          extension(AAGUID, der(0x04, Buffer.from(aaguid.replaceAll('-', ''), 'hex'))),
        ],
      });
      return { certificate: new X509Certificate(certificate), key: privateKey };
    },
  };
}
