import type { Actor } from '../../kernel/actor.ts';
import { randomToken, sha256 } from '../../kernel/crypto/derive.ts';
import { notFound } from '../../kernel/errors.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import type { AuthenticationParts } from './check-password.ts';
import { type DeviceTokens, deviceHashes } from './known-devices.ts';

/** A browser in which its person asked not to be asked for a second factor again for a while. */
export type TrustedDevice = {
  readonly id: string;
  readonly userAgent: string | null;
  readonly trustedAt: Date;
  readonly lastUsedAt: Date;
  readonly isCurrent: boolean;
};

const DAY_MS = 24 * 60 * 60 * 1000;

/** Looked at by the days of now: whoever shortens them, or turns trust off, ends what was given before. */
export const trustedSince = (days: number, now: Date): Date => new Date(now.getTime() - days * DAY_MS);

/** Whether the second factor was given in this browser lately enough. Asked after the password alone, and only of who has one. */
export async function isTrustedDevice(
  { read, clock, trustedDeviceDays: days = 0 }: Pick<AuthenticationParts, 'read' | 'clock' | 'trustedDeviceDays'>,
  { id, knownDevice }: { readonly id: string; readonly knownDevice: Buffer | undefined },
): Promise<boolean> {
  if (days === 0 || knownDevice === undefined) return false;
  const rows = await read.query(
    'SELECT FROM known_devices WHERE token_hash = $1 AND user_id = $2 AND trusted_at > $3',
    [knownDevice, id, trustedSince(days, clock.now())],
  );
  return rows.length === 1;
}

/** Whether one of these browsers' tokens has been trusted by this person since then. */
export async function wasTrusted(
  read: Reader,
  { userId, tokens, since }: { readonly userId: string; readonly tokens: DeviceTokens; readonly since: Date },
): Promise<boolean> {
  const rows = await read.query(
    'SELECT FROM known_devices WHERE token_hash = ANY ($1::bytea[]) AND user_id = $2 AND trusted_at > $3',
    [deviceHashes(tokens), userId, since],
  );
  return rows.length > 0;
}

/**
 * Whoever has just given all their factors trusts this browser. It gets a new token thereby: one that was copied, or planted,
 * before is worth nothing (SECURITY-LESSONS 25). Answers what the device cookie is to hold.
 */
export async function trustDevice(
  { transact, trustedDeviceDays: days = 0 }: Pick<AuthenticationParts, 'transact' | 'trustedDeviceDays'>,
  actor: Actor,
  { userId, tokens }: { readonly userId: string; readonly tokens: DeviceTokens },
): Promise<DeviceTokens> {
  if (days === 0) return tokens;
  const token = randomToken();
  return transact(actor, async (tx) => {
    const [old] = await tx.query<{ hash: Buffer }>(
      `SELECT token_hash AS hash FROM known_devices WHERE user_id = $1 AND token_hash = ANY ($2::bytea[])
       ORDER BY last_used_at DESC LIMIT 1 FOR UPDATE`,
      [userId, deviceHashes(tokens)],
    );
    if (!old) return tokens;
    await tx.query('UPDATE known_devices SET token_hash = $2, trusted_at = $3, user_agent = $4 WHERE token_hash = $1', [
      old.hash,
      sha256(token),
      tx.now,
      actor.userAgent ?? null,
    ]);
    tx.record({ type: 'trusted-devices.added', target: { type: 'user', id: userId }, details: { days } });
    return tokens.map((one) => (sha256(one).equals(old.hash) ? token : one));
  });
}

/** Those of one person, the last used first. */
export async function findTrustedDevices(
  { read, clock, trustedDeviceDays: days = 0 }: Pick<AuthenticationParts, 'read' | 'clock' | 'trustedDeviceDays'>,
  { userId, tokens }: { readonly userId: string; readonly tokens: DeviceTokens },
): Promise<readonly TrustedDevice[]> {
  if (days === 0) return [];
  const now = clock.now();
  const rows = await read.query<Omit<TrustedDevice, 'id'> & { hash: Buffer }>(
    `SELECT token_hash AS hash, user_agent AS "userAgent", trusted_at AS "trustedAt", last_used_at AS "lastUsedAt",
       token_hash = ANY ($4::bytea[]) AS "isCurrent"
     FROM known_devices WHERE user_id = $1 AND trusted_at > $2 AND expires_at > $3 ORDER BY last_used_at DESC, token_hash`,
    [userId, trustedSince(days, now), now, deviceHashes(tokens)],
  );
  return rows.map(({ hash, ...device }) => ({ ...device, id: hash.toString('base64url') }));
}

/** The person is asked again in it. Throws `not_found`. */
export async function endDeviceTrust(
  tx: Tx,
  { userId, id }: { readonly userId: string; readonly id: string },
): Promise<void> {
  const rows = await tx.query(
    `WITH ended AS (
       UPDATE known_devices SET trusted_at = NULL WHERE user_id = $1 AND token_hash = $2 AND trusted_at IS NOT NULL
       RETURNING user_id)
     SELECT user_id FROM ended`,
    [userId, Buffer.from(id, 'base64url')],
  );
  if (rows.length === 0)
    throw notFound('authentication.no_such_device', { detail: 'there is no such trusted browser' });
  tx.record({ type: 'trusted-devices.removed', target: { type: 'user', id: userId } });
}

/** After a change of second factors, and for whoever leaves: what was trusted was another factor, or another time. */
export async function endAllDeviceTrust(tx: Pick<Tx, 'whole'>, userIds: readonly string[]): Promise<void> {
  await tx.whole.query('UPDATE known_devices SET trusted_at = NULL WHERE user_id = ANY ($1::uuid[])', [userIds]);
}
