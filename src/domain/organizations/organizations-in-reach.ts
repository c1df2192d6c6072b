import type { Reader, Tx } from '../../persistence/unit-of-work.ts';

/** The organization in `$1` and all below it. */
export const BELOW = /* sql */ `
  reach (id) AS (
    SELECT id FROM organizations WHERE id = $1::uuid
    UNION
    SELECT o.id FROM reach JOIN organizations o ON o.parent_id = reach.id
  )`;

/** The organization `organization`, and those it is in. */
export const organizationsAbove = (organization: string): string => /* sql */ `
  organization_above (id, status, parent_id) AS (
    SELECT o.id, o.status, o.parent_id FROM organizations o WHERE o.id = ${organization}
    UNION
    SELECT o.id, o.status, o.parent_id FROM organization_above JOIN organizations o ON o.id = organization_above.parent_id
  )`;

export async function organizationsBelow(tx: Tx, organizationId: string): Promise<ReadonlySet<string>> {
  const rows = await tx.whole.query<{ id: string }>(`WITH RECURSIVE ${BELOW} SELECT id FROM reach`, [organizationId]);
  return new Set(rows.map(({ id }) => id));
}

export type InReach = { readonly id: string; readonly isManaged: boolean };

const FIND = /* sql */ `
  WITH RECURSIVE ${BELOW}
  SELECT u.id, u.home_organization_id IS NOT NULL AND u.home_organization_id IN (SELECT id FROM reach) AS "isManaged"
  FROM users u WHERE u.id = ANY ($2::uuid[]) AND (u.home_organization_id IN (SELECT id FROM reach)
    OR EXISTS (SELECT FROM organization_members m WHERE m.user_id = u.id AND m.organization_id IN (SELECT id FROM reach)))
  UNION ALL SELECT id, true FROM reach WHERE id = ANY ($2::uuid[])
  UNION ALL SELECT g.id, true FROM groups g WHERE g.id = ANY ($2::uuid[]) AND g.organization_id IN (SELECT id FROM reach)
  UNION ALL SELECT a.id, true FROM organization_role_assignments a
    WHERE a.id = ANY ($2::uuid[]) AND a.organization_id IN (SELECT id FROM reach)
  UNION ALL SELECT i.id, true FROM organization_invitations i
    WHERE i.id = ANY ($2::uuid[]) AND i.organization_id IN (SELECT id FROM reach)
  UNION ALL SELECT d.id, true FROM organization_domains d
    WHERE d.id = ANY ($2::uuid[]) AND d.organization_id IN (SELECT id FROM reach)
  UNION ALL SELECT p.id, true FROM sign_in_policies p
    WHERE p.id = ANY ($2::uuid[]) AND p.organization_id IN (SELECT id FROM reach)`;

/**
 * Which of these ids belong to the organization or one below it, whatever kind of thing they name. The first wall between
 * organizations: it is asked with the ids in an address before anything else happens, and knows nothing of the second.
 */
export const findInReach = (
  read: Reader,
  { organizationId, ids }: { readonly organizationId: string; readonly ids: readonly string[] },
): Promise<readonly InReach[]> => read.query<InReach>(FIND, [organizationId, ids]);
