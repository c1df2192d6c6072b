import { systemActor } from '../../kernel/actor.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import { smallestIdAt } from '../audit/search-audit.ts';
import { personInForce } from '../users/standing.ts';
import { deactivateUsers } from './deactivate-user.ts';

const BATCH = 200;

export type InactivityParts = {
  readonly read: Reader;
  readonly transact: Transact;
  readonly afterDays: number;
  readonly now: Date;
  /** Looked at between batches. */
  readonly signal: AbortSignal;
};

/**
 * Deactivates who has not been active for so many days. The audit log says who has: a sign-in, tokens that were issued, anything
 * done in their name. So a sign-in pays nothing for it. Whoever was let in again, or got a new password, has as many days again.
 * Where the log does not reach back that far nobody is judged. Answers how many.
 */
export async function deactivateInactive(parts: InactivityParts): Promise<number> {
  const since = new Date(parts.now.getTime() - parts.afterDays * 86_400_000);
  if (!(await reachesBackTo(parts.read, since))) return 0;
  let total = 0;
  let after = '00000000-0000-0000-0000-000000000000';
  while (!parts.signal.aborted) {
    const ids = await findInactive(parts, { since, after });
    total += await deactivateAsInactive(parts.transact, ids);
    const last = ids.at(-1);
    if (last === undefined || ids.length < BATCH) break;
    after = last;
  }
  return total;
}

async function reachesBackTo(read: Reader, since: Date): Promise<boolean> {
  const [oldest] = await read.query<{ occurredAt: Date }>(
    'SELECT occurred_at AS "occurredAt" FROM audit_events_sealed ORDER BY sequence LIMIT 1',
  );
  return oldest !== undefined && oldest.occurredAt <= since;
}

/** Each person costs one look into the index audit_events_by_actor. */
async function findInactive(
  { read, now }: InactivityParts,
  { since, after }: { readonly since: Date; readonly after: string },
): Promise<readonly string[]> {
  const rows = await read.query<{ id: string }>(
    `SELECT u.id FROM users u
     WHERE u.id > $1 AND ${personInForce('$2::timestamptz', 'u')} AND greatest(u.created_at, u.access_valid_from, u.starts_at) <= $3
       AND NOT EXISTS (SELECT FROM audit_events e WHERE e.actor_id = u.id::text AND e.id >= $4)
     ORDER BY u.id LIMIT ${BATCH}`,
    [after, now, since, smallestIdAt(since)],
  );
  return rows.map(({ id }) => id);
}

/** All at once, or one by one where the last administrator is among them: they stay. */
async function deactivateAsInactive(transact: Transact, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const deactivate = async (userIds: readonly string[]): Promise<number> => {
    const left = await transact(systemActor('run-lifecycle'), (tx) =>
      deactivateUsers(tx, { userIds, cause: 'inactivity' }),
    );
    return left.size;
  };
  try {
    return await deactivate(ids);
  } catch (error) {
    if (!isLastAdministrator(error)) throw error;
  }
  let total = 0;
  for (const id of ids)
    total += await deactivate([id]).catch((error: unknown) => {
      if (isLastAdministrator(error)) return 0;
      throw error;
    });
  return total;
}

const isLastAdministrator = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'access.last_administrator';
