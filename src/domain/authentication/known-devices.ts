import { randomToken, sha256 } from '../../kernel/crypto/derive.ts';
import type { UserId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { KNOWN_DEVICE_DAYS, KNOWN_DEVICES_PER_USER } from './throttle-limits.ts';

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

/** Remembers the browser for this person and returns what its cookie is to hold from now on. */
export async function rememberDevice(
  tx: Tx,
  { userId, tokens, known }: { userId: UserId; tokens: DeviceTokens; known: Buffer | undefined },
): Promise<DeviceTokens> {
  const expiresAt = new Date(tx.now.getTime() + lifetimeMs);
  if (known) {
    await tx.query('UPDATE known_devices SET last_used_at = $2, expires_at = $3 WHERE token_hash = $1', [
      known,
      tx.now,
      expiresAt,
    ]);
    return tokens;
  }
  const token = randomToken();
  // Programs that sign in without keeping cookies would otherwise make a row each time.
  await tx.query(
    `WITH remembered AS (
       INSERT INTO known_devices (token_hash, user_id, created_at, last_used_at, expires_at) VALUES ($1, $2, $3, $3, $4)
     )
     DELETE FROM known_devices WHERE token_hash IN (
       SELECT token_hash FROM known_devices WHERE user_id = $2 ORDER BY last_used_at DESC, token_hash OFFSET $5
     )`,
    [sha256(token), userId, tx.now, expiresAt, KNOWN_DEVICES_PER_USER - 1],
  );
  return [token, ...tokens].slice(0, PEOPLE_PER_BROWSER);
}

/**
 * After a change of password: whoever knew the old one may have made their browser known. The one the change was made in
 * stays known.
 */
export async function forgetDevices(
  tx: Tx,
  { userId, keptTokens = [] }: { userId: string; keptTokens?: DeviceTokens },
): Promise<void> {
  await tx.query('DELETE FROM known_devices WHERE user_id = $1 AND token_hash <> ALL ($2::bytea[])', [
    userId,
    deviceHashes(keptTokens),
  ]);
}
