import { conflict, invalid } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import { advisoryLocks } from '../../persistence/advisory-lock.ts';
import { onConstraint, type Reader, type Tx } from '../../persistence/unit-of-work.ts';
import { getGroup } from './find-group.ts';
import { groupNotFound } from './group.ts';
import { assertByHand, membersChanged } from './group-members.ts';
import { lockRules } from './membership-rule.ts';

type Inclusion = {
  readonly groupId: string;
  readonly includedIds: readonly string[];
  /** Where the caller named each of them. */
  readonly pointers?: readonly string[];
};

/** The way from a group back to itself, by names. Only groups above it can lead back, so the search stays among them. */
const CYCLE = /* sql */ `
  WITH RECURSIVE above (group_id) AS (
    SELECT $1::uuid
    UNION
    SELECT i.group_id FROM above JOIN group_inclusions i ON i.included_group_id = above.group_id
  ), walk (group_id, path) AS (
    SELECT included_group_id, ARRAY[group_id, included_group_id] FROM group_inclusions WHERE group_id = $1
    UNION ALL
    SELECT i.included_group_id, walk.path || i.included_group_id
    FROM walk JOIN group_inclusions i ON i.group_id = walk.group_id
    WHERE walk.group_id <> $1 AND (i.included_group_id = $1 OR i.included_group_id <> ALL (walk.path))
      AND i.included_group_id IN (SELECT group_id FROM above)
  )
  SELECT ARRAY(SELECT groups.display_name FROM unnest(found.path) WITH ORDINALITY AS step (id, place)
    JOIN groups ON groups.id = step.id ORDER BY step.place) AS names
  FROM (SELECT path FROM walk WHERE group_id = $1 LIMIT 1) found`;

/**
 * Makes groups members of a group. Which is one already stays one. One writer at a time: two parallel changes could close a
 * circle that neither sees. Throws `not_found`, `invalid` naming the groups that do not exist, `conflict('groups.inclusion_cycle')`.
 */
export async function includeGroups(tx: Tx, { groupId, includedIds, pointers }: Inclusion): Promise<readonly string[]> {
  const group = await getGroup(tx, groupId);
  await assertGroups(tx, group, includedIds, pointers ?? includedIds.map((_, index) => `/members/${index}/value`));
  if (includedIds.length === 0) return [];
  await lockRules(tx, 'people');
  await assertByHand(tx, group.id);
  await tx.query('SELECT pg_advisory_xact_lock($1)', [advisoryLocks.groupInclusions]);
  const rows = await tx
    .query<{ id: string }>(
      `WITH added AS (
         INSERT INTO group_inclusions (group_id, included_group_id, created_at)
         SELECT $1, included, $3 FROM unnest($2::uuid[]) AS included ON CONFLICT DO NOTHING RETURNING included_group_id)
       SELECT included_group_id AS id FROM added`,
      [group.id, [...new Set(includedIds)], tx.now],
    )
    .catch(onConstraint('group_inclusions_not_itself', () => cycle([group.displayName, group.displayName])))
    .catch(onConstraint('group_inclusions_group_id_fkey', groupNotFound))
    .catch(onConstraint('group_inclusions_included_group_id_fkey', groupNotFound));
  if (rows.length === 0) return [];
  const [found] = await tx.query<{ names: readonly string[] }>(CYCLE, [group.id]);
  if (found !== undefined) throw cycle(found.names);
  return membersChanged(tx, { type: 'group-members.added', groupId: group.id, groupIds: rows.map(({ id }) => id) });
}

/** Which is no member is passed over. The lifecycle room makes sure an administrator remains. */
export async function excludeGroups(tx: Tx, { groupId, includedIds }: Inclusion): Promise<readonly string[]> {
  const group = await getGroup(tx, groupId);
  const rows = await tx.query<{ id: string }>(
    `WITH gone AS (
       DELETE FROM group_inclusions WHERE group_id = $1 AND included_group_id = ANY($2::uuid[]) RETURNING included_group_id)
     SELECT included_group_id AS id FROM gone`,
    [group.id, includedIds.filter(isUuid)],
  );
  return membersChanged(tx, { type: 'group-members.removed', groupId: group.id, groupIds: rows.map(({ id }) => id) });
}

/** Of the same organization, or of none: nobody comes into a group through a team that others fill. */
async function assertGroups(
  read: Reader,
  { organizationId = null }: { readonly organizationId?: string | null },
  ids: readonly string[],
  pointers: readonly string[],
): Promise<void> {
  const rows = await read.query<{ id: string }>(
    'SELECT id FROM groups WHERE id = ANY($1::uuid[]) AND organization_id IS NOT DISTINCT FROM $2::uuid',
    [ids.filter(isUuid), organizationId],
  );
  const known = new Set(rows.map(({ id }) => id));
  const faults = ids.flatMap((id, index) =>
    known.has(id)
      ? []
      : [{ pointer: pointers[index] ?? '/members', code: 'unknown', detail: 'there is no such group' }],
  );
  if (faults.length > 0) throw invalid('groups.member_unknown', { detail: 'a member does not exist', faults });
}

const cycle = (names: readonly string[]) => {
  const detail = `a group may not be inside itself: ${names.join(' → ')}`;
  return conflict('groups.inclusion_cycle', {
    detail,
    faults: [{ pointer: '/members', code: 'inclusion_cycle', detail }],
  });
};
