import type { Tx } from '../../persistence/unit-of-work.ts';
import { withAdministratorKept } from '../access/administrators.ts';
import { deleteGroup } from '../groups/delete-group.ts';

/** Throws what `deleteGroup` throws, and `conflict('access.last_administrator')`. */
export async function removeGroup(
  tx: Tx,
  { id, expectedVersion }: { id: string; expectedVersion?: number | undefined },
): Promise<void> {
  await withAdministratorKept(tx, () => deleteGroup(tx, { id, expectedVersion }));
}
