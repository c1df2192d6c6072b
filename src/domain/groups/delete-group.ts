import type { Tx } from '../../persistence/unit-of-work.ts';
import { getGroup } from './find-group.ts';
import { type Group, groupChanged } from './group.ts';

/** Removes the group with its memberships and role assignments; the lifecycle room makes sure an administrator remains. */
export async function deleteGroup(
  tx: Tx,
  { id, expectedVersion }: { id: string; expectedVersion?: number | undefined },
): Promise<Group> {
  const group = await getGroup(tx, id);
  const rows = await tx.query<{ id: string }>(
    `WITH gone AS (DELETE FROM groups WHERE id = $1 AND ($2::integer IS NULL OR version = $2) RETURNING id)
     SELECT id FROM gone`,
    [id, expectedVersion ?? null],
  );
  if (rows.length === 0) throw groupChanged();
  tx.record({ type: 'groups.deleted', target: { type: 'group', id }, details: { displayName: group.displayName } });
  tx.announce({ topic: 'access', key: '*' });
  return group;
}
