import type { Tx } from '../../persistence/unit-of-work.ts';
import { enqueueBackchannelLogouts, type Participant, participantsOf } from './backchannel-logout.ts';

/** What of one person's has ended. */
export type EndedAccess = {
  readonly userId: string;
  readonly sessions: number;
  /** How many records of each kind are gone: `Grant`, `RefreshToken`, `Interaction` … */
  readonly records: ReadonlyMap<string, number>;
  readonly clients: ReadonlyMap<string, EndedAtClient>;
};

/** What a client held of the person. */
export type EndedAtClient = {
  /** By which it knows the sessions it took part in (`sid` of its ID tokens). */
  readonly sids: ReadonlySet<string>;
  /** Resource servers its grants reached: JWTs for them live on until they expire. */
  readonly resources: ReadonlySet<string>;
};

/**
 * Ends every session, grant, code and token of these people in this transaction. Sessions stay as marked rows until they would
 * have expired: a request in flight finds the mark and writes nothing back. The caller records the reason, tells the clients,
 * and moves `access_valid_from` on where tokens of other kinds must go too.
 */
export async function endAccessOf(tx: Tx, userIds: readonly string[]): Promise<readonly EndedAccess[]> {
  const sessions: EndedSession[] = [];
  // A request in flight may have given a session a new id after this statement began; the next one sees and ends that row.
  for (let more = true; more; ) {
    const rows = await tx.whole.query<EndedSession>(
      `WITH ended AS (
         UPDATE provider_records SET ended_at = $2
         WHERE account_id = ANY($1::uuid[]) AND model = 'Session' AND ended_at IS NULL
         RETURNING account_id, payload)
       SELECT account_id AS "userId", payload FROM ended`,
      [userIds, tx.now],
    );
    sessions.push(...rows);
    more = rows.length > 0;
  }
  const records = await tx.whole.query<EndedRecords>(
    `WITH gone AS (
       DELETE FROM provider_records WHERE account_id = ANY($1::uuid[]) AND model <> 'Session'
       RETURNING account_id, client_id, model, payload)
     SELECT account_id AS "userId", client_id AS "clientId", model, count(*)::int AS count,
       coalesce(array_agg(payload) FILTER (WHERE model = 'Grant'), '{}') AS grants
     FROM gone GROUP BY 1, 2, 3`,
    [userIds],
  );
  // Caches of who is active forget the people.
  for (const userId of userIds) tx.announce({ topic: 'users', key: userId });
  return gather(userIds, sessions, records);
}

/** Like {@link endAccessOf} for one person, and enqueues one notice for each session a client took part in. */
export async function endAllAccess(tx: Tx, { userId }: { readonly userId: string }): Promise<void> {
  const ended = await endAccessOf(tx, [userId]);
  await enqueueBackchannelLogouts(
    tx,
    ended.flatMap(({ clients }) =>
      [...clients].flatMap(([clientId, { sids }]) =>
        [...sids].map((sid): Participant => ({ clientId, accountId: userId, sid })),
      ),
    ),
  );
}

type EndedSession = { readonly userId: string; readonly payload: string };
type EndedRecords = {
  readonly userId: string;
  readonly clientId: string | null;
  readonly model: string;
  readonly count: number;
  readonly grants: readonly string[];
};

/** Models whose rows mean that the client was let in for the person; an interaction only means that it asked. */
const HELD = new Set(['Grant', 'RefreshToken', 'AccessToken', 'AuthorizationCode', 'DeviceCode']);

function gather(
  userIds: readonly string[],
  sessions: readonly EndedSession[],
  records: readonly EndedRecords[],
): readonly EndedAccess[] {
  type Client = { readonly sids: Set<string>; readonly resources: Set<string> };
  const people = new Map(
    userIds.map((userId) => [
      userId,
      { userId, sessions: 0, records: new Map<string, number>(), clients: new Map<string, Client>() },
    ]),
  );
  const clientOf = (clients: Map<string, Client>, clientId: string): Client => {
    const client = clients.get(clientId) ?? { sids: new Set(), resources: new Set() };
    clients.set(clientId, client);
    return client;
  };
  for (const { userId, payload } of sessions) {
    const person = people.get(userId);
    if (!person) continue;
    person.sessions += 1;
    for (const { clientId, sid } of participantsOf(payload)) clientOf(person.clients, clientId).sids.add(sid);
  }
  for (const { userId, clientId, model, count, grants } of records) {
    const person = people.get(userId);
    if (!person) continue;
    person.records.set(model, (person.records.get(model) ?? 0) + count);
    if (clientId === null || !HELD.has(model)) continue;
    const { resources } = clientOf(person.clients, clientId);
    for (const resource of grants.flatMap(resourcesOf)) resources.add(resource);
  }
  return [...people.values()];
}

const resourcesOf = (grant: string): string[] =>
  Object.keys((JSON.parse(grant) as { resources?: Record<string, string> }).resources ?? {});

/** `condition` is a constant of the calling code. */
export async function deleteRecords(tx: Tx, condition: string, parameters: readonly unknown[]): Promise<number> {
  const [row] = await tx.whole.query<{ count: number }>(
    `WITH gone AS (DELETE FROM provider_records WHERE ${condition} RETURNING 1) SELECT count(*)::int AS count FROM gone`,
    parameters,
  );
  return row?.count ?? 0;
}
