import type { Tx } from '../../persistence/unit-of-work.ts';
import { dropOpenEmailChanges } from '../users/email-changes.ts';

/**
 * What these people asked for opens nothing any more: by their own wish, and when their password changes or they leave, because a
 * thief may have asked, and waits with the link.
 */
export async function cancelEmailChanges(tx: Tx, userIds: readonly string[]): Promise<void> {
  for (const id of await dropOpenEmailChanges(tx, userIds))
    tx.record({ type: 'email-changes.cancelled', target: { type: 'user', id } });
}
