import type { Tx } from '../../persistence/unit-of-work.ts';
import { getGroup } from './find-group.ts';
import { type Group, groupChanged } from './group.ts';

/** The group, unchanged by others until this transaction ends. Throws `not_found`, and `precondition` for another version. */
export async function lockGroup(tx: Tx, id: string, expectedVersion: number | undefined): Promise<Group> {
  const seen = await getGroup(tx, id);
  await tx.query('SELECT 1 FROM groups WHERE id = $1 FOR NO KEY UPDATE', [seen.id]);
  const group = await getGroup(tx, id);
  if (expectedVersion !== undefined && group.version !== expectedVersion) throw groupChanged();
  return group;
}
