import type { Reader } from '../../persistence/unit-of-work.ts';
import type { AuditRecord } from '../audit/audit-record.ts';
import { searchAudit } from '../audit/search-audit.ts';
import { findSignInOrigins } from '../audit/sign-in-origins.ts';
import { findConnectedApplications } from '../sessions/connected-applications.ts';
import { findOwnSessions } from '../sessions/own-sessions.ts';
import { listUserAttributes } from '../user-attributes/user-attribute.ts';
import { readableCustom } from '../users/custom-attributes.ts';
import { CUSTOM } from '../users/custom-input.ts';
import { attributesOf, type User } from '../users/user.ts';

/**
 * What is kept of somebody, for themselves (GDPR articles 15 and 20): everything but secrets, and but what the operator has
 * said is not theirs to read.
 */
export async function findOwnData(
  read: Reader,
  { user, now }: { readonly user: User; readonly now: Date },
): Promise<Readonly<Record<string, unknown>>> {
  const { id: userId } = user;
  const sessions = await findOwnSessions(read, { userId, now });
  const origins = await findSignInOrigins(read, { userId, moments: sessions.map(({ signedInAt }) => signedInAt) });
  const applications = await findConnectedApplications(read, { userId, now });
  const [beside = {}] = await read.query<Record<string, unknown>>(BESIDE, [userId]);
  const custom = readableCustom(await listUserAttributes(read), user[CUSTOM], 'self');
  const { id, status, startsAt, endsAt, managerDisplayName, createdAt, updatedAt } = user;
  return {
    person: {
      ...{ id, status, startsAt, endsAt, managerDisplayName, createdAt, updatedAt },
      ...attributesOf(user),
      [CUSTOM]: custom,
    },
    ...beside,
    sessions: sessions.map(({ signedInAt, lastUsedAt, amr, applications: used }, index) => ({
      ...{ signedInAt, lastUsedAt, amr, applications: used },
      ...origins[index],
    })),
    applications: applications.map(({ isActive: _, policyUri: __, ...application }) => application),
  };
}

const BESIDE = /* sql */ `
SELECT
  (SELECT json_build_object('changedAt', changed_at) FROM password_credentials WHERE user_id = $1) AS password,
  (SELECT json_build_object('createdAt', created_at, 'lastUsedAt', last_used_at) FROM totp_credentials WHERE user_id = $1)
    AS "authenticatorApp",
  (SELECT coalesce(json_agg(json_build_object('name', name, 'createdAt', created_at, 'lastUsedAt', last_used_at) ORDER BY created_at), '[]')
    FROM passkeys WHERE user_id = $1) AS passkeys,
  (SELECT count(*)::int FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL) AS "recoveryCodesLeft",
  (SELECT coalesce(json_agg(json_build_object('firstUsedAt', created_at, 'lastUsedAt', last_used_at,
    'trustedAt', trusted_at) ORDER BY created_at), '[]')
    FROM known_devices WHERE user_id = $1) AS "knownBrowsers",
  (SELECT coalesce(json_agg(json_build_object('from', former_address, 'to', new_address, 'requestedAt', created_at, 'doneAt', done_at,
    'undoneAt', undone_at) ORDER BY created_at), '[]') FROM email_changes WHERE user_id = $1) AS "emailChanges",
  (SELECT coalesce(json_agg(json_build_object('requestedAt', requested_at, 'stoppedAt', stopped_at, 'completedAt', completed_at)
    ORDER BY requested_at), '[]') FROM factor_recoveries WHERE user_id = $1) AS "lostSecondFactors",
  (SELECT coalesce(json_agg(json_build_object('document', document, 'version', version, 'acceptedAt', accepted_at) ORDER BY accepted_at), '[]')
    FROM terms_acceptances WHERE user_id = $1) AS "acceptedTerms",
  (SELECT coalesce(json_agg(json_build_object('name', g.display_name, 'since', m.created_at) ORDER BY g.display_name_key), '[]')
    FROM group_members m JOIN groups g ON g.id = m.group_id WHERE m.user_id = $1) AS groups,
  (SELECT coalesce(json_agg(json_build_object('name', g.display_name, 'since', o.created_at) ORDER BY g.display_name_key), '[]')
    FROM group_owners o JOIN groups g ON g.id = o.group_id WHERE o.user_id = $1) AS "groupsLookedAfter",
  (SELECT coalesce(json_agg(json_build_object('name', o.name, 'since', m.created_at) ORDER BY o.name_key), '[]')
    FROM organization_members m JOIN organizations o ON o.id = m.organization_id WHERE m.user_id = $1) AS organizations,
  (SELECT coalesce(json_agg(json_build_object('name', r.name, 'startsAt', a.starts_at, 'endsAt', a.ends_at) ORDER BY r.name), '[]')
    FROM role_assignments a JOIN roles r ON r.id = a.role_id WHERE a.user_id = $1) AS roles,
  (SELECT coalesce(json_agg(json_build_object('at', t.name, 'createdAt', p.created_at) ORDER BY t.name), '[]')
    FROM provisioned_accounts p JOIN provisioning_targets t ON t.id = p.target_id WHERE p.user_id = $1) AS "accountsElsewhere"`;

const PAGE = 200;

/** What the log has of somebody, the newest first, page by page. Where others did it, it does not say who they are and from where. */
export async function* ownEvents(read: Reader, userId: string): AsyncGenerator<readonly object[]> {
  let cursor: string | undefined;
  do {
    const page = await searchAudit(read, { filters: { target: userId }, cursor, limit: PAGE });
    yield page.items.map((event) => shownEvent(event, userId));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

function shownEvent(
  { occurredAt, type, outcome, actorType, actorId, clientId, ipAddress, userAgent }: AuditRecord,
  userId: string,
): object {
  const isOwn = actorId === userId || actorType === 'anonymous';
  const by = actorId === userId ? 'self' : actorType === 'user' ? 'administrator' : actorType;
  return { occurredAt, type, outcome, by, clientId, ...(isOwn ? { ipAddress, userAgent } : {}) };
}
