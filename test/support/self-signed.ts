// A certificate for localhost that names itself as its issuer.
import { generateKeyPairSync } from 'node:crypto';
import { basicConstraints, certificateOf, der, extension, pemOf, sequence } from './x509.ts';

/** P-256, for `localhost` and 127.0.0.1. */
export function selfSigned(): { readonly cert: string; readonly key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const names = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])));
  const name = { CN: 'localhost' };
  const certificate = certificateOf({
    subject: name,
    issuer: name,
    publicKey,
    signedBy: privateKey,
    extensions: [extension('551d11', names), basicConstraints(true)],
  });
  return { cert: pemOf(certificate), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
