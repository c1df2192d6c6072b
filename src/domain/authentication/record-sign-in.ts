import type { Actor } from '../../kernel/actor.ts';
import { randomToken, sha256 } from '../../kernel/crypto/derive.ts';
import { newId, type UserId } from '../../kernel/ids.ts';
import {
  AUDIT_INSERT_COLUMNS,
  AUDIT_UNNEST_TYPES,
  type AuditEvent,
  type AuditRow,
  auditColumns,
} from '../../persistence/audit-rows.ts';
import { retrying } from '../../persistence/unit-of-work.ts';
import { MAIL_DUE, type WaitingMail } from '../notifications/mail.ts';
import { rewriteIn } from '../sessions/record-statements.ts';
import type { RewriteValues } from '../sessions/record-store.ts';
import type { AuthenticationParts } from './check-password.ts';
import { type DeviceTokens, deviceExpiry, withToken } from './known-devices.ts';
import type { Amr } from './next-factor.ts';
import { type SignInAccount, STILL_HAS_ADDRESS, STILL_HAS_PASSKEY, UNCHANGED } from './sign-in-account.ts';
import { refundIn } from './throttle.ts';
import { KNOWN_DEVICES_PER_USER } from './throttle-limits.ts';
import { isNewPlace } from './travel.ts';

const audit = AUDIT_UNNEST_TYPES.map((type, index) => `$${index + 8}::${type}[]`).join(', ');

/** New browsers within this time are one piece of news: programs that keep no cookies are a new browser each time. */
const QUIET = `interval '1 minute'`;

/**
 * The device is remembered, the event written and the attempt given back when the person is unchanged, else nothing is. Who has other browsers is told
 * of a new one, and of a new place ($30); both look at the rows as they were before.
 */
const recordIf = (unchanged: string): string => /* sql */ `
WITH unchanged AS MATERIALIZED (${unchanged}), seen_again AS (
  UPDATE known_devices SET last_used_at = $3::timestamptz, expires_at = $4::timestamptz
  WHERE token_hash = $5::bytea AND user_id = (SELECT id FROM unchanged)
), remembered AS (
  INSERT INTO known_devices (token_hash, user_id, created_at, last_used_at, expires_at)
  SELECT $6::bytea, id, $3::timestamptz, $3::timestamptz, $4::timestamptz FROM unchanged WHERE $6::bytea IS NOT NULL
), forgotten AS (
  DELETE FROM known_devices WHERE token_hash IN (
    SELECT token_hash FROM known_devices WHERE $6::bytea IS NOT NULL AND user_id = (SELECT id FROM unchanged)
    ORDER BY last_used_at DESC, token_hash OFFSET $7::int
  )
), told AS (
  INSERT INTO outbox_messages (id, type, target, payload, created_at, available_at)
  SELECT $22::uuid, '${MAIL_DUE}', '${MAIL_DUE}', $23::jsonb, $3::timestamptz, $3::timestamptz
  FROM unchanged WHERE $30::boolean OR ($6::bytea IS NOT NULL AND (
    SELECT count(*) > 0 AND max(created_at) < $3::timestamptz - ${QUIET}
    FROM known_devices WHERE user_id = unchanged.id AND expires_at > $3::timestamptz))
), given_back AS (${refundIn('$24', 'EXISTS (SELECT FROM unchanged)')}
), kept AS (${rewriteIn(25, 'EXISTS (SELECT FROM unchanged)')}
), recorded AS (
  INSERT INTO audit_events_unsealed (${AUDIT_INSERT_COLUMNS})
  SELECT event.* FROM unchanged, unnest(${audit}) AS event
)
SELECT EXISTS (SELECT FROM unchanged) AS is_unchanged, EXISTS (SELECT FROM kept) AS is_kept`;

const statements = {
  password: { name: 'sign-in-record', text: recordIf(UNCHANGED) },
  passkey: { name: 'sign-in-record-passkey', text: recordIf(STILL_HAS_PASSKEY) },
  email: { name: 'sign-in-record-email', text: recordIf(STILL_HAS_ADDRESS) },
} as const;

type SignInToRecord = {
  readonly account: SignInAccount;
  readonly tokens: DeviceTokens;
  readonly event: AuditRow;
  /** Under which the attempt was counted: it was no failure. */
  readonly reservation?: readonly Buffer[];
  /** What waits for it: goes on with it, or stays as it is. */
  readonly keep?: RewriteValues | undefined;
  /** The passkey they signed in with, or the address that a code was mailed to; a password when both are left out. */
  readonly passkeyId?: string;
  readonly addressKey?: string;
};

const NOTHING: RewriteValues = [null, null, null, null, null];

export type RecordedSignIn = {
  /** What the device cookie is to hold from now on. */
  readonly deviceTokens: DeviceTokens;
  readonly isKept: boolean;
};

/**
 * A verified sign-in in one statement, which is a transaction of its own: state and audit together, one way to the database.
 * Undefined when the person or their password or passkey changed meanwhile.
 */
export async function recordSignIn(
  parts: Pick<AuthenticationParts, 'pool' | 'read' | 'findPlace'>,
  { account, tokens, event, reservation = [], keep = NOTHING, passkeyId, addressKey }: SignInToRecord,
): Promise<RecordedSignIn | undefined> {
  const { id, passwordChangedAt, knownDevice } = account;
  // Programs that sign in without keeping cookies make a row each time: there is room for the newest.
  const token = knownDevice ? undefined : randomToken();
  const { ipAddress, occurredAt: at } = event;
  const isElsewhere = knownDevice !== undefined && (await isNewPlace(parts, { userId: id, ipAddress, at }));
  const news = signInNews(isElsewhere ? 'new_place' : 'new_device', id, event);
  const values = [
    ...[id, passkeyId ?? addressKey ?? passwordChangedAt, event.occurredAt, deviceExpiry(event.occurredAt)],
    ...[knownDevice ?? null, token === undefined ? null : sha256(token), KNOWN_DEVICES_PER_USER - 1],
    ...auditColumns([event]),
    ...[newId(event.occurredAt.getTime()), JSON.stringify(news), reservation, ...keep, isElsewhere],
  ];
  const { rows } = await retrying(() =>
    parts.pool.query<{ is_unchanged: boolean; is_kept: boolean }>({
      ...statements[passkeyId !== undefined ? 'passkey' : addressKey !== undefined ? 'email' : 'password'],
      values,
    }),
  );
  const [row] = rows;
  if (!row?.is_unchanged) return undefined;
  return { deviceTokens: token === undefined ? tokens : withToken(tokens, token), isKept: row.is_kept };
}

export const signInSucceeded = (
  visitor: Actor,
  userId: UserId,
  amr: readonly Amr[],
  { isTrusted = false, isFar = false }: { readonly isTrusted?: boolean; readonly isFar?: boolean } = {},
): AuditEvent => ({
  type: 'sign-ins.succeeded',
  actor: { ...visitor, type: 'user', id: userId },
  target: { type: 'user', id: userId },
  details: {
    amr: [...amr],
    ...(isTrusted ? { trustedDevice: true } : {}),
    ...(isFar ? { impossibleTravel: true } : {}),
  },
});

const signInNews = (
  kind: 'new_device' | 'new_place',
  userId: string,
  { userAgent, ipAddress, clientId }: AuditRow,
): WaitingMail => ({
  kind,
  userId,
  userAgent,
  ipAddress,
  ...(clientId === null ? {} : { clientId }),
});
