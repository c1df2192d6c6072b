import type { Tx } from '../../persistence/unit-of-work.ts';
import { enqueueBackchannelLogouts } from './backchannel-logout.ts';

export type EndedAccess = {
  readonly sessions: number;
  /** Grants, tokens, codes and interactions that are gone. */
  readonly records: number;
  /** Clients that will be told (one message a client and session). */
  readonly notices: number;
};

/**
 * Ends every session, grant, code and token of a person in this transaction, and enqueues one notice per relying party.
 * Sessions stay as marked rows until they would have expired: a request in flight finds the mark and writes nothing back.
 * The caller records the reason, and moves `access_valid_from` on where tokens of other kinds must go too.
 */
export async function endAllAccess(tx: Tx, { userId }: { readonly userId: string }): Promise<EndedAccess> {
  const payloads: string[] = [];
  // A request in flight may have given a session a new id after this statement began; the next one sees and ends that row.
  for (let more = true; more; ) {
    const rows = await tx.query<{ payload: string }>(
      `WITH ended AS (
         UPDATE provider_records SET ended_at = $2 WHERE account_id = $1 AND model = 'Session' AND ended_at IS NULL
         RETURNING payload)
       SELECT payload FROM ended`,
      [userId, tx.now],
    );
    payloads.push(...rows.map((row) => row.payload));
    more = rows.length > 0;
  }
  const records = await deleteRecords(tx, `account_id = $1 AND model <> 'Session'`, [userId]);
  // Caches of who is active forget the person.
  tx.announce({ topic: 'users', key: userId });
  return { sessions: payloads.length, records, notices: await enqueueBackchannelLogouts(tx, payloads) };
}

/** `condition` is a constant of the calling code. */
export async function deleteRecords(tx: Tx, condition: string, parameters: readonly unknown[]): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `WITH gone AS (DELETE FROM provider_records WHERE ${condition} RETURNING 1) SELECT count(*)::int AS count FROM gone`,
    parameters,
  );
  return row?.count ?? 0;
}
