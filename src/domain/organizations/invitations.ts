import { sha256 } from '../../kernel/crypto/derive.ts';
import { conflict, notFound } from '../../kernel/errors.ts';
import { isUuid, newId } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import { getOrganization } from './organization.ts';
import { organizationsAbove } from './organizations-in-reach.ts';

/** Bound to one organization and one address, for one use within days (SECURITY-LESSONS 16). */
export type Invitation = {
  readonly id: string;
  readonly organizationId: string;
  readonly email: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly acceptedAt: Date | null;
  /** Who accepted it. */
  readonly userId: string | null;
};

/** Open ones: no organization is a way to send mail to everybody. */
const MOST_OPEN = 5000;

const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

const COLUMNS = /* sql */ `i.id, i.organization_id AS "organizationId", i.address AS email, i.created_at AS "createdAt",
  i.expires_at AS "expiresAt", i.accepted_at AS "acceptedAt", i.user_id AS "userId"`;

/**
 * A new one makes those before it for the same address void. The mail is the caller's. Throws `not_found`, conflict
 * `organizations.too_many_invitations`.
 */
export async function createInvitation(
  tx: Tx,
  { organizationId, email }: { readonly organizationId: string; readonly email: string },
): Promise<Invitation> {
  const { id: organization } = await getOrganization(tx, organizationId);
  const expiresAt = new Date(tx.now.getTime() + LIFETIME_MS);
  const id = newId<string>(tx.now.getTime());
  // Of two for one address at once, the second waits until it can replace the first; and those that are there stay so many.
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`invitations:${organization}`]);
  await tx.query(
    'DELETE FROM organization_invitations WHERE organization_id = $1 AND address_key = $2 AND accepted_at IS NULL',
    [organization, comparisonKey(email)],
  );
  const made = await tx.query(
    `INSERT INTO organization_invitations (id, organization_id, address, address_key, created_at, expires_at)
     SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM organization_invitations
       WHERE organization_id = $2 AND accepted_at IS NULL AND expires_at > $5) < $7
     RETURNING id`,
    [id, organization, email, comparisonKey(email), tx.now, expiresAt, MOST_OPEN],
  );
  if (made.length === 0) {
    throw conflict('organizations.too_many_invitations', {
      detail: `an organization has at most ${MOST_OPEN} open invitations; withdraw some, or wait until they are accepted or run out`,
    });
  }
  tx.record({
    type: 'organization-invitations.created',
    target: { type: 'organization', id: organization },
    details: { invitationId: id },
    personal: { email },
  });
  return { id, organizationId: organization, email, createdAt: tx.now, expiresAt, acceptedAt: null, userId: null };
}

export async function searchInvitations(
  read: Reader,
  { organizationId, cursor, limit }: PageRequest & { readonly organizationId: string },
): Promise<Page<Invitation>> {
  const organization = await getOrganization(read, organizationId);
  const rows = await read.query<Invitation>(
    `SELECT ${COLUMNS} FROM organization_invitations i
     WHERE i.organization_id = $1 AND ($2::uuid IS NULL OR i.id > $2) ORDER BY i.id LIMIT $3`,
    [organization.id, cursor === undefined ? null : decodeCursor(cursor, isUuid), limit + 1],
  );
  return toPage(rows, limit, (invitation) => invitation.id);
}

/** Its link opens nothing any more; whoever accepted it stays a member. Throws `not_found`. */
export async function withdrawInvitation(
  tx: Tx,
  { organizationId, id }: { readonly organizationId: string; readonly id: string },
): Promise<void> {
  const organization = await getOrganization(tx, organizationId);
  const gone = isUuid(id)
    ? await tx.query(
        `WITH gone AS (DELETE FROM organization_invitations WHERE organization_id = $1 AND id = $2 RETURNING id)
         SELECT id FROM gone`,
        [organization.id, id],
      )
    : [];
  if (gone.length === 0) throw notFound('organizations.no_such_invitation', { detail: 'there is no such invitation' });
  const details = { invitationId: id };
  tx.record({
    type: 'organization-invitations.withdrawn',
    target: { type: 'organization', id: organization.id },
    details,
  });
}

/** What its holder needs to know of an invitation that can be accepted. */
export type OpenInvitation = {
  readonly id: string;
  readonly organizationId: string;
  readonly organization: string;
  readonly address: string;
};

/** Expiry and the state of the organization, and of those above it, count here, at use: no job has to run. */
const OPEN = /* sql */ `i.accepted_at IS NULL AND i.expires_at > $2
  AND NOT EXISTS (WITH RECURSIVE ${organizationsAbove('i.organization_id')}
    SELECT FROM organization_above WHERE status <> 'active')`;
const SHOWN = /* sql */ `i.id, i.organization_id AS "organizationId", i.address,
  (SELECT coalesce(o.display_name, o.name) FROM organizations o WHERE o.id = i.organization_id) AS organization`;

/** By its id, for the mail, or by the token in its link. Uses nothing up. */
export async function findOpenInvitation(
  read: Reader,
  { now, ...by }: { readonly now: Date } & ({ readonly id: string } | { readonly token: string }),
): Promise<OpenInvitation | undefined> {
  const [column, value] = 'id' in by ? ['i.id', by.id] : ['i.token_hash', sha256(by.token)];
  const [row] = await read.query<OpenInvitation>(
    `SELECT ${SHOWN} FROM organization_invitations i WHERE ${column} = $1 AND ${OPEN}`,
    [value, now],
  );
  return row;
}

/** The link of the mail that is being written opens it from now on. */
export async function giveInvitationLink(
  tx: Tx,
  { id, token }: { readonly id: string; readonly token: string },
): Promise<void> {
  await tx.query('UPDATE organization_invitations SET token_hash = $2 WHERE id = $1 AND accepted_at IS NULL', [
    id,
    sha256(token),
  ]);
}

/** Uses it up: of many at once, one wins. */
export async function consumeInvitation(tx: Tx, token: string): Promise<OpenInvitation | undefined> {
  const [row] = await tx.query<OpenInvitation>(
    `WITH i AS (
       UPDATE organization_invitations i SET accepted_at = $2 WHERE i.token_hash = $1 AND ${OPEN}
       RETURNING i.id, i.organization_id, i.address)
     SELECT ${SHOWN} FROM i`,
    [sha256(token), tx.now],
  );
  return row;
}

/** Makes whoever accepted it a member. */
export async function joinByInvitation(tx: Tx, { id, organizationId }: OpenInvitation, userId: string): Promise<void> {
  await tx.query('UPDATE organization_invitations SET user_id = $2 WHERE id = $1', [id, userId]);
  await tx.query(
    'INSERT INTO organization_members (organization_id, user_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [organizationId, userId, tx.now],
  );
  tx.record({
    type: 'organization-invitations.accepted',
    target: { type: 'organization', id: organizationId },
    details: { invitationId: id, userId },
  });
}
