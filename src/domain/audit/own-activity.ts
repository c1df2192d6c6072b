import { isUuid } from '../../kernel/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { AuditType } from './catalogue.ts';

/** What a person is shown of the log about themselves: sign-ins, and every change, whoever made it. */
const ABOUT_ACCOUNT = [
  'accounts.taken-back',
  'applications.disconnected',
  'consents.granted',
  'email-changes.completed',
  'email-changes.requested',
  'email-changes.undone',
  'emails.verified',
  'passkeys.created',
  'passkeys.deleted',
  'passkeys.renamed',
  'factor-recoveries.completed',
  'factor-recoveries.requested',
  'factor-recoveries.stopped',
  'passwords.changed',
  'passwords.confirmation-refused',
  'passwords.removed',
  'personal-data.exported',
  'recoveries.requested',
  'recovery-codes.issued',
  'recovery-codes.used',
  'second-factors.removed',
  'sessions.bound',
  'sessions.others-ended',
  'set-password-links.issued',
  'set-password-links.redeemed',
  'sign-ins.refused',
  'sign-ins.succeeded',
  'sign-ups.completed',
  'terms.accepted',
  'totp-credentials.created',
  'totp-credentials.deleted',
  'trusted-devices.added',
  'trusted-devices.removed',
  'users.created',
  'users.deactivated',
  'users.reactivated',
  'users.restored',
  'users.staged',
  'users.suspended',
  'users.updated',
] as const satisfies readonly AuditType[];
/** They name the person in their details; the lists stand in the indexes too. */
const BESIDE = ['sessions.ended', 'grants.revoked', 'role-assignments.created', 'role-assignments.deleted'] as const;
const MEMBERS = ['group-members.added', 'group-members.removed'] as const;

export type OwnActivityType = (typeof ABOUT_ACCOUNT | typeof BESIDE | typeof MEMBERS)[number];

export type OwnActivity = {
  readonly id: string;
  readonly occurredAt: Date;
  readonly type: OwnActivityType;
  readonly actorType: string;
  readonly actorId: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  /** Of the application, role or group it is about; attributes that changed. */
  readonly names: readonly string[];
};

const quoted = (types: readonly string[]): string => types.map((type) => `'${type}'`).join(', ');

/**
 * Exported for the test of its plan. Parameters: the person, types, events before this one, how many. The person is a range, and
 * the order begins with it, because for an equality PostgreSQL thinks that it meets enough of them on a walk through all events:
 * most of a busy person's are tokens.
 */
export const OWN_ACTIVITY = /* sql */ `
WITH found AS (
  (SELECT * FROM audit_events WHERE target_id >= $1::text AND (target_id, id) < ($1::text, $3::uuid)
     AND target_type = 'user' AND type <> 'tokens.issued' AND type = ANY ($2::text[])
   ORDER BY target_id DESC, id DESC LIMIT $4)
  UNION ALL
  (SELECT * FROM audit_events WHERE type IN (${quoted(BESIDE)}) AND id < $3::uuid
     AND coalesce(details ->> 'userId', details #>> '{changed,userId,to}', details #>> '{changed,userId,from}') = $1::text
   ORDER BY id DESC LIMIT $4)
  UNION ALL
  (SELECT * FROM audit_events WHERE type IN (${quoted(MEMBERS)}) AND details -> 'userIds' ? $1::text AND id < $3::uuid
   ORDER BY id DESC LIMIT $4)
)
SELECT e.id, e.occurred_at AS "occurredAt", e.type, e.actor_type AS "actorType", e.actor_id AS "actorId",
  e.ip_address AS "ipAddress", e.user_agent AS "userAgent",
  CASE WHEN e.type IN (${quoted(MEMBERS)}) THEN ARRAY(SELECT display_name FROM groups WHERE id = e.target_id::uuid)
    WHEN e.type LIKE 'role-assignments.%' THEN ARRAY(SELECT name FROM roles
      WHERE id = coalesce(e.details #>> '{changed,roleId,to}', e.details #>> '{changed,roleId,from}')::uuid)
    WHEN e.type = 'users.updated' THEN ARRAY(SELECT jsonb_object_keys(e.details -> 'changed'))
    WHEN e.type IN ('consents.granted', 'applications.disconnected', 'grants.revoked')
      THEN ARRAY(SELECT coalesce(client_name, client_id) FROM clients WHERE client_id = e.client_id)
    ELSE '{}' END AS names
FROM found e ORDER BY e.id DESC LIMIT $4`;

const AFTER_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Newest first. Throws invalid `request.cursor_invalid`. */
export async function searchOwnActivity(
  read: Reader,
  { userId, cursor, limit }: PageRequest & { readonly userId: string },
): Promise<Page<OwnActivity>> {
  const before = cursor === undefined ? AFTER_ALL : decodeCursor(cursor, isUuid);
  const rows = await read.query<OwnActivity>(OWN_ACTIVITY, [userId, ABOUT_ACCOUNT, before, limit + 1]);
  return toPage(rows, limit, ({ id }) => id);
}
