import { notFound } from '../../kernel/errors.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { emitSignals } from '../signals/emit-signals.ts';
import { enqueueBackchannelLogouts, participantsOf } from './backchannel-logout.ts';
import { storedId } from './provider-record.ts';

/**
 * Ends one sign-in session: what is bound to it ends with it, and its clients are told. Throws `not_found`.
 * `id` is the shown one (a hash), never the cookie.
 */
export async function endSession(tx: Tx, { id }: { readonly id: string }): Promise<void> {
  const stored = storedId(id);
  const rows = stored
    ? await tx.query<{ payload: string; accountId: string | null }>(
        `WITH ended AS (
           UPDATE provider_records SET ended_at = $2 WHERE id = $1 AND model = 'Session' AND ended_at IS NULL
           RETURNING payload, account_id)
         SELECT payload, account_id AS "accountId" FROM ended`,
        [stored, tx.now],
      )
    : [];
  const [session] = rows;
  if (!session) throw notFound('sessions.not_found', { detail: 'there is no such session' });
  const participants = participantsOf(session.payload);
  await enqueueBackchannelLogouts(tx, participants);
  if (session.accountId !== null) {
    const sids = new Map(participants.map(({ clientId, sid }) => [clientId, sid]));
    const reason = 'The session was ended by an administrator';
    await emitSignals(tx, [{ userId: session.accountId, name: 'session-revoked', reason, session: { id, sids } }]);
  }
  tx.record({
    type: 'sessions.ended',
    target: { type: 'session', id },
    ...(session.accountId === null ? {} : { details: { userId: session.accountId } }),
  });
}
