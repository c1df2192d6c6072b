import { createHmac, randomBytes } from 'node:crypto';
import { constantTimeEqual } from '../../kernel/crypto/derive.ts';

/** RFC 6238 with what every authenticator app takes: SHA-1, six digits, thirty seconds. */
const STEP_SECONDS = 30;
const DIGITS = 6;
/** RFC 6238 §5.2: one step to either side, for clocks that differ and for the time it takes to type. */
const DRIFT = [0, -1, 1] as const;
/** RFC 4226 §4 R6 recommends 160 bits. */
const SEED_BYTES = 20;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export const newTotpSeed = (): Buffer => randomBytes(SEED_BYTES);

export const totpStep = (at: Date): number => Math.floor(at.getTime() / 1000 / STEP_SECONDS);

/** RFC 4226 §5.3 for the counter `step`. */
export function totpCode(seed: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', seed).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0xf;
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** DIGITS;
  return String(number).padStart(DIGITS, '0');
}

/** The step whose code this is; all of them are compared. Spaces, as apps show them, do not count. */
export function matchingStep(seed: Uint8Array, typed: string, at: Date): number | undefined {
  const code = typed.replace(/\s/g, '');
  const matches = DRIFT.map((drift) => totpStep(at) + drift).filter((step) =>
    constantTimeEqual(totpCode(seed, step), code),
  );
  return matches[0];
}

/** RFC 4648 §6 without padding: what a person types into an app that cannot read the picture. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => ALPHABET.charAt(Number.parseInt(group.padEnd(5, '0'), 2))).join('');
}

/** The address inside the picture, as Google's authenticator defined it and all others read it. */
export function totpUri(seed: Uint8Array, { issuer, userName }: { issuer: string; userName: string }): string {
  const { host } = new URL(issuer);
  const label = `${encodeURIComponent(host)}:${encodeURIComponent(userName)}`;
  return `otpauth://totp/${label}?secret=${base32(seed)}&issuer=${encodeURIComponent(host)}`;
}
