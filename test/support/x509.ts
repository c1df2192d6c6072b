// Certificates for tests (RFC 5280). Node makes keys but no certificates, and openssl is not everywhere.
import { type KeyObject, randomBytes, sign } from 'node:crypto';

export const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
};

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  return length < 0x100 ? Buffer.from([0x81, length]) : Buffer.from([0x82, length >> 8, length & 0xff]);
}

export const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const utcTime = (date: Date) => der(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`));
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));

const attributes = { C: '550406', O: '55040a', OU: '55040b', CN: '550403' } as const;

export type DistinguishedName = Partial<Readonly<Record<keyof typeof attributes, string>>>;

/** The country is a PrintableString, the rest are UTF8Strings. */
const nameOf = (name: DistinguishedName): Buffer =>
  sequence(
    ...Object.entries(attributes).flatMap(([key, id]) => {
      const value = name[key as keyof typeof attributes];
      if (value === undefined) return [];
      return [der(0x31, sequence(oid(id), der(key === 'C' ? 0x13 : 0x0c, Buffer.from(value))))];
    }),
  );

export const extension = (id: string, value: Buffer) => sequence(oid(id), der(0x04, value));
export const basicConstraints = (isAuthority: boolean) =>
  extension('551d13', sequence(...(isAuthority ? [der(0x01, Buffer.from([0xff]))] : [])));

export type CertificateFacts = {
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  readonly publicKey: KeyObject;
  /** The issuer's, of P-256. */
  readonly signedBy: KeyObject;
  readonly extensions: readonly Buffer[];
};

/** §4.1: version 3, valid from yesterday for a month; DER. */
export function certificateOf({ subject, issuer, publicKey, signedBy, extensions }: CertificateFacts): Buffer {
  const day = 86_400_000;
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(8)])),
    ecdsaWithSha256,
    nameOf(issuer),
    sequence(utcTime(new Date(Date.now() - day)), utcTime(new Date(Date.now() + 30 * day))),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  return sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), sign('sha256', body, signedBy)));
}

export function pemOf(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
