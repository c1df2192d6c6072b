import type { Tx } from '../../persistence/unit-of-work.ts';
import { deleteRecords } from './end-all-access.ts';

/**
 * Ends every grant, code and token that was given to a client, in this transaction; sign-in sessions of people stay.
 * Returns how many records are gone. The caller records the reason and announces the client.
 */
export function endClientAccess(tx: Tx, { clientId }: { readonly clientId: string }): Promise<number> {
  return deleteRecords(tx, `client_id = $1 AND model <> 'Session'`, [clientId]);
}

/** Ends what a client holds for people: their grants, with every code and token from them. What is its own stays. */
export function endPeoplesGrants(tx: Tx, { clientId }: { readonly clientId: string }): Promise<number> {
  return deleteRecords(tx, `client_id = $1 AND account_id IS NOT NULL AND model NOT IN ('Session', 'Interaction')`, [
    clientId,
  ]);
}
