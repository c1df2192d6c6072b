import { constantTimeEqual, keyedHash, randomToken, sha256 } from '../../kernel/crypto/derive.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { recordId, shownId } from './provider-record.ts';

/** The public key of a session's device: P-256, RFC 7518 §6.2.1. */
export type DeviceKey = { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string };

/** The session as the provider keeps it, and what it is bound to. */
export type BindableSession = {
  /** What the session cookie holds. */
  readonly id: string;
  readonly uid: string;
  readonly accountId: string;
  readonly deviceKey: DeviceKey | undefined;
};

/** How long the cookie is good that a browser gets for a proof. */
export const PROOF_SECONDS = 600;
/** A request that was sent with it may arrive a little later. */
const LATE_SECONDS = 30;
/** How long a browser has for a proof that it was asked for. */
const CHALLENGE_SECONDS = 120;

const thumbprint = ({ crv, kty, x, y }: DeviceKey): string =>
  // RFC 7638 §3.
  sha256(JSON.stringify({ crv, kty, x, y })).toString('base64url');

export const isSameKey = (one: DeviceKey, other: DeviceKey): boolean => thumbprint(one) === thumbprint(other);

export type DeviceBinding = ReturnType<typeof createDeviceBinding>;

/**
 * What is said to a browser about its bound session: all of it is sealed by a key of ours and tells for itself whose it is and until
 * when, so that a request with a session costs no statement more. `key` is derived for purpose 'device binding'.
 */
export function createDeviceBinding(key: Uint8Array) {
  const sign = (...parts: readonly (string | number)[]): string =>
    keyedHash(key, JSON.stringify(parts)).toString('base64url');
  const secondsOf = (now: Date): number => Math.floor(now.getTime() / 1000);
  return {
    /** By which browser and server name the session; what its cookie holds is in neither. */
    identifier: ({ uid }: Pick<BindableSession, 'uid'>): string => sign('session', uid).slice(0, 22),
    challenge({ uid }: Pick<BindableSession, 'uid'>, now: Date): string {
      const until = secondsOf(now) + CHALLENGE_SECONDS;
      const salt = randomToken(12);
      return [until, salt, sign('challenge', uid, until, salt)].join('.');
    },
    /** Until when it is good, in seconds since the epoch; undefined for one of another session, too old, or not ours. */
    challengeUntil({ uid }: Pick<BindableSession, 'uid'>, challenge: string, now: Date): number | undefined {
      const [until = '', salt = '', signature = ''] = challenge.split('.');
      const isOurs = constantTimeEqual(signature, sign('challenge', uid, Number(until), salt));
      return isOurs && Number(until) >= secondsOf(now) ? Number(until) : undefined;
    },
    proof({ uid }: Pick<BindableSession, 'uid'>, deviceKey: DeviceKey, now: Date): string {
      const until = secondsOf(now) + PROOF_SECONDS;
      return `${until}.${sign('proof', uid, thumbprint(deviceKey), until)}`;
    },
    isFresh({ uid }: Pick<BindableSession, 'uid'>, deviceKey: DeviceKey, proof: string, now: Date): boolean {
      const [until = '', signature = ''] = proof.split('.');
      const isOurs = constantTimeEqual(signature, sign('proof', uid, thumbprint(deviceKey), Number(until)));
      return isOurs && Number(until) + LATE_SECONDS >= secondsOf(now);
    },
  };
}

/**
 * From now on the session's cookie is worth something in this device alone. False when it has ended, or is bound already: the
 * first key stays.
 */
export async function bindSession(
  tx: Tx,
  { id, accountId, deviceKey }: Pick<BindableSession, 'id' | 'accountId'> & { readonly deviceKey: DeviceKey },
): Promise<boolean> {
  const stored = recordId(id);
  const rows = await tx.query(
    `WITH bound AS (
       UPDATE provider_records SET payload = jsonb_set(payload::jsonb, '{deviceKey}', $2::jsonb)::text
       WHERE id = $1 AND model = 'Session' AND ended_at IS NULL AND NOT payload::jsonb ? 'deviceKey' RETURNING id)
     SELECT id FROM bound`,
    [stored, JSON.stringify(deviceKey)],
  );
  if (rows.length === 0) return false;
  tx.record({
    type: 'sessions.bound',
    target: { type: 'user', id: accountId },
    details: { sessionId: shownId(stored) },
  });
  return true;
}

export type UnprovedReason = 'not_fresh' | 'wrong_key' | 'wrong_proof';

/** Somebody has the cookie and not the key, or a browser has failed: the log tells. */
export function recordUnproved(
  tx: Tx,
  { session, reason }: { readonly session: Pick<BindableSession, 'id' | 'accountId'>; readonly reason: UnprovedReason },
): void {
  tx.record({
    type: 'sessions.binding-refused',
    outcome: 'refused',
    reason,
    target: { type: 'user', id: session.accountId },
    details: { sessionId: shownId(recordId(session.id)) },
  });
}
