import { conflict, invalid } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import { onConstraint, type Reader, type Tx } from '../../persistence/unit-of-work.ts';
import { getOrganization, organizationNotFound } from './organization.ts';

/** `managed`: the account is this organization's; otherwise the person is a guest. */
export type OrganizationMember = { readonly value: string; readonly display: string; readonly managed: boolean };

export async function searchOrganizationMembers(
  read: Reader,
  { organizationId, cursor, limit }: PageRequest & { readonly organizationId: string },
): Promise<Page<OrganizationMember>> {
  const { id } = await getOrganization(read, organizationId);
  const rows = await read.query<OrganizationMember>(
    `SELECT m.user_id AS value, coalesce(u.display_name, u.user_name) AS display,
       u.home_organization_id IS NOT DISTINCT FROM m.organization_id AS managed
     FROM organization_members m JOIN users u ON u.id = m.user_id
     WHERE m.organization_id = $1 AND ($2::uuid IS NULL OR m.user_id > $2) ORDER BY m.user_id LIMIT $3`,
    [id, cursor === undefined ? null : decodeCursor(cursor, isUuid), limit + 1],
  );
  return toPage(rows, limit, (member) => member.value);
}

type NewMembers = { readonly organizationId: string; readonly userIds: readonly string[] };

/** Who is a member stays one. Throws `not_found`, and invalid `organizations.member_unknown` naming who does not exist. */
export async function addOrganizationMembers(tx: Tx, { organizationId, userIds }: NewMembers): Promise<void> {
  const { id } = await getOrganization(tx, organizationId);
  const known = await tx.query<{ id: string }>('SELECT id FROM users WHERE id = ANY($1::uuid[])', [
    userIds.filter(isUuid),
  ]);
  const found = new Set(known.map((row) => row.id));
  if (userIds.some((userId) => !found.has(userId))) throw unknownMembers(userIds, found);
  const added = await tx
    .query<{ userId: string }>(
      `WITH added AS (
         INSERT INTO organization_members (organization_id, user_id, created_at)
         SELECT $1, person, $3 FROM unnest($2::uuid[]) AS person ORDER BY person ON CONFLICT DO NOTHING RETURNING user_id)
       SELECT user_id AS "userId" FROM added`,
      [id, [...found], tx.now],
    )
    .catch(onConstraint('organization_members_organization_id_fkey', organizationNotFound))
    .catch(onConstraint('organization_members_user_id_fkey', () => unknownMembers(userIds, new Set())));
  if (added.length === 0) return;
  const details = { userIds: added.map(({ userId }) => userId) };
  tx.record({ type: 'organization-members.added', target: { type: 'organization', id }, details });
}

const GIVE_HOME = /* sql */ `
  WITH moved AS (
    UPDATE users SET home_organization_id = $1, version = version + 1, updated_at = $3
    WHERE id = ANY($2::uuid[]) AND home_organization_id IS DISTINCT FROM $1::uuid RETURNING id)
  SELECT id AS "userId" FROM moved`;

/** Members whose accounts the organization manages from now on. */
export async function giveHome(tx: Tx, { organizationId, userIds }: NewMembers): Promise<void> {
  const moved = await tx.query<{ userId: string }>(GIVE_HOME, [organizationId, userIds, tx.now]);
  if (moved.length === 0) return;
  tx.record({
    type: 'organization-members.managed',
    target: { type: 'organization', id: organizationId },
    details: { userIds: moved.map(({ userId }) => userId) },
  });
  for (const { userId } of moved) tx.announce({ topic: 'users', key: userId });
}

/** They leave its teams and lose their roles in it. False for who is no member. Throws `not_found`, `conflict('organizations.manages_member')`. */
export async function removeOrganizationMember(
  tx: Tx,
  { organizationId, userId }: { readonly organizationId: string; readonly userId: string },
): Promise<boolean> {
  const { id } = await getOrganization(tx, organizationId);
  if (!isUuid(userId)) return false;
  const [home] = await tx.query<{ isHome: boolean }>(
    'SELECT home_organization_id IS NOT DISTINCT FROM $2::uuid AS "isHome" FROM users WHERE id = $1',
    [userId, id],
  );
  if (home?.isHome) throw managesMember();
  const gone = await tx.query(
    `WITH gone AS (DELETE FROM organization_members WHERE organization_id = $1 AND user_id = $2 RETURNING user_id)
     SELECT user_id FROM gone`,
    [id, userId],
  );
  if (gone.length === 0) return false;
  await tx.whole.query(
    `WITH left_teams AS (
       DELETE FROM group_members m USING groups g
       WHERE m.user_id = $2 AND g.id = m.group_id AND g.organization_id = $1 RETURNING g.id
     ), owned_teams AS (
       DELETE FROM group_owners o USING groups g WHERE o.user_id = $2 AND g.id = o.group_id AND g.organization_id = $1)
     UPDATE groups SET version = version + 1, updated_at = $3 FROM left_teams WHERE groups.id = left_teams.id`,
    [id, userId, tx.now],
  );
  const details = { userIds: [userId] };
  tx.record({ type: 'organization-members.removed', target: { type: 'organization', id }, details });
  tx.announce({ topic: 'access', key: `user:${userId}` });
  return true;
}

const managesMember = () =>
  conflict('organizations.manages_member', {
    detail: 'The organization manages this account: deactivate or delete it, or give it another home.',
  });

function unknownMembers(userIds: readonly string[], known: ReadonlySet<string>) {
  const detail = 'there is no such user';
  const faults = userIds.flatMap((id, index) =>
    known.has(id) ? [] : [{ pointer: `/members/${index}/value`, code: 'unknown', detail }],
  );
  return invalid('organizations.member_unknown', { detail: 'a member does not exist', faults });
}
