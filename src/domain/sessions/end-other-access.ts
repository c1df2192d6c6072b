import type { Tx } from '../../persistence/unit-of-work.ts';
import { enqueueBackchannelLogouts, participantsOf } from './backchannel-logout.ts';
import { deleteRecords } from './end-all-access.ts';
import type { EndedSession } from './end-session.ts';

/**
 * Like `endAllAccess`, but the session the person is using now stays. Every grant goes all the same, this session's too:
 * refresh tokens of unknown whereabouts end, and applications in this browser get a new grant without asking. Clients are told;
 * answers the sessions that ended.
 */
export async function endOtherAccess(
  tx: Tx,
  { userId, keptSessionUid }: { readonly userId: string; readonly keptSessionUid: string },
): Promise<readonly EndedSession[]> {
  const sessions: EndedSession[] = [];
  // A request in flight may have given a session a new id after this statement began; the next one sees and ends that row.
  for (let more = true; more; ) {
    const rows = await tx.whole.query<EndedSession>(
      `WITH ended AS (
         UPDATE provider_records SET ended_at = $2
         WHERE account_id = $1 AND model = 'Session' AND ended_at IS NULL AND uid IS DISTINCT FROM $3
         RETURNING id, payload, account_id)
       SELECT id, payload, account_id AS "accountId" FROM ended`,
      [userId, tx.now, keptSessionUid],
    );
    sessions.push(...rows);
    more = rows.length > 0;
  }
  await deleteRecords(tx, `account_id = $1 AND model <> 'Session'`, [userId]);
  await enqueueBackchannelLogouts(
    tx,
    sessions.flatMap(({ payload }) => participantsOf(payload)),
  );
  return sessions;
}
