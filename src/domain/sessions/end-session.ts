import { notFound } from '../../kernel/errors.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { emitSignals, type Signal } from '../signals/emit-signals.ts';
import { enqueueBackchannelLogouts, participantsOf } from './backchannel-logout.ts';
import { deleteRecords } from './end-all-access.ts';
import { recordId, shownId, storedId } from './provider-record.ts';

export type EndedSession = { readonly id: Buffer; readonly payload: string; readonly accountId: string | null };

/**
 * Ends one sign-in session: what is bound to it ends with it, and its clients are told. Throws `not_found`.
 * `id` is the shown one (a hash), never the cookie.
 */
export async function endSession(tx: Tx, { id }: { readonly id: string }): Promise<void> {
  const session = await markEnded(tx, id, null);
  await tellOfEnd(tx, session, 'The session was ended by an administrator');
  recordEnd(tx, session);
}

/** Somebody ends a session of their own from elsewhere: what applications hold from it ends too. Throws `not_found`. */
export async function endOwnSession(tx: Tx, { id, userId }: { readonly id: string; readonly userId: string }) {
  const session = await markEnded(tx, id, userId);
  await endGrantsOf(tx, session);
  await tellOfEnd(tx, session, 'The session was ended by the person');
  recordEnd(tx, session);
}

async function markEnded(tx: Tx, id: string, ownerId: string | null): Promise<EndedSession> {
  const stored = storedId(id);
  const rows = stored
    ? await tx.query<EndedSession>(
        `WITH ended AS (
           UPDATE provider_records SET ended_at = $2
           WHERE id = $1 AND model = 'Session' AND ended_at IS NULL AND ($3::uuid IS NULL OR account_id = $3)
           RETURNING id, payload, account_id)
         SELECT id, payload, account_id AS "accountId" FROM ended`,
        [stored, tx.now, ownerId],
      )
    : [];
  const [session] = rows;
  if (!session) throw notFound('sessions.not_found', { detail: 'there is no such session' });
  return session;
}

async function endGrantsOf(tx: Tx, { payload }: EndedSession): Promise<void> {
  const { authorizations = {} } = JSON.parse(payload) as { authorizations?: Record<string, { grantId?: string }> };
  const grants = Object.values(authorizations).flatMap(({ grantId }) => (grantId ? [recordId(grantId)] : []));
  if (grants.length === 0) return;
  await deleteRecords(tx, 'grant_id = ANY($1::bytea[])', [grants]);
  await deleteRecords(tx, `id = ANY($1::bytea[]) AND model = 'Grant'`, [grants]);
}

async function tellOfEnd(tx: Tx, session: EndedSession, reason: string): Promise<void> {
  await enqueueBackchannelLogouts(tx, participantsOf(session.payload));
  await emitSignals(tx, sessionsRevoked([session], reason));
}

/** CAEP §3.1: what receivers are told of sessions that ended one by one. */
export const sessionsRevoked = (sessions: readonly EndedSession[], reason: string): Signal[] =>
  sessions.flatMap(({ id, payload, accountId }): Signal[] => {
    const sids = new Map(participantsOf(payload).map(({ clientId, sid }) => [clientId, sid]));
    return accountId === null
      ? []
      : [{ userId: accountId, name: 'session-revoked', reason, session: { id: shownId(id), sids } }];
  });

function recordEnd(tx: Tx, { id, accountId }: EndedSession): void {
  tx.record({
    type: 'sessions.ended',
    target: { type: 'session', id: shownId(id) },
    ...(accountId === null ? {} : { details: { userId: accountId } }),
  });
}
