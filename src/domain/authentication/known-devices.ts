import { sha256 } from '../../kernel/crypto/derive.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { KNOWN_DEVICE_DAYS } from './throttle-limits.ts';

/**
 * The tokens one browser holds, as the device cookie carries them: one for each person who has signed in there, newest first.
 * A token proves nothing but that this browser has been signed in before; it only gives its person an allowance of their own.
 */
export type DeviceTokens = readonly string[];

const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const PEOPLE_PER_BROWSER = 4;

export function parseDeviceTokens(cookie: string | undefined): DeviceTokens {
  return (cookie ?? '')
    .split('.')
    .filter((token) => TOKEN.test(token))
    .slice(0, PEOPLE_PER_BROWSER);
}

export const formatDeviceTokens = (tokens: DeviceTokens): string => tokens.join('.');

export const deviceHashes = (tokens: DeviceTokens): Buffer[] => tokens.map((token) => sha256(token));

const lifetimeMs = KNOWN_DEVICE_DAYS * 24 * 60 * 60 * 1000;
export const knownDeviceLifetimeSeconds = lifetimeMs / 1000;

export const deviceExpiry = (now: Date): Date => new Date(now.getTime() + lifetimeMs);

/** What the cookie holds when one more person has signed in here. */
export const withToken = (tokens: DeviceTokens, token: string): DeviceTokens =>
  [token, ...tokens].slice(0, PEOPLE_PER_BROWSER);

/**
 * After a change of password: whoever knew the old one may have made their browser known. The one the change was made in
 * stays known.
 */
export async function forgetDevices(
  tx: Tx,
  { userId, keptTokens = [] }: { userId: string; keptTokens?: DeviceTokens },
): Promise<void> {
  await tx.whole.query('DELETE FROM known_devices WHERE user_id = $1 AND token_hash <> ALL ($2::bytea[])', [
    userId,
    deviceHashes(keptTokens),
  ]);
}
