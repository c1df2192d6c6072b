import { systemActor } from '../../kernel/actor.ts';
import type { Transact, Tx } from '../../persistence/unit-of-work.ts';
import { announceAssignment, type RoleAssignment } from '../access/role-assignment.ts';

const BATCH = 200;

/**
 * A moment that comes is a change that no command makes: an assignment begins or ends, somebody's first day is there. Access is
 * right without this, since periods count at use; what follows from a change (accounts elsewhere, tokens, caches) is told here.
 * One bounded batch; true while there may be more. What was away for a while catches up: each row knows until when it was followed.
 */
export function followPeriods(transact: Transact): Promise<boolean> {
  return transact(systemActor('run-lifecycle'), async (tx) => {
    const assignments = await followAssignments(tx);
    const people = await followOpenings(tx);
    return assignments === BATCH || people === BATCH;
  });
}

type Followed = Pick<RoleAssignment, 'id' | 'roleId' | 'userId' | 'groupId' | 'clientId'> & {
  readonly hasEnded: boolean;
};

const PASSED = (column: string): string => /* sql */ `
  SELECT id FROM role_assignments
  WHERE ${column} IS NOT NULL AND ${column} <= $1 AND (followed_at IS NULL OR followed_at < ${column}) LIMIT ${BATCH}`;

const FOLLOW_ASSIGNMENTS = /* sql */ `
  WITH passed AS ((${PASSED('starts_at')}) UNION (${PASSED('ends_at')}) LIMIT ${BATCH}), due AS (
    SELECT id FROM role_assignments WHERE id IN (SELECT id FROM passed) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
  ), followed AS (
    UPDATE role_assignments a SET followed_at = $1 FROM due WHERE a.id = due.id
    RETURNING a.id, a.role_id, a.user_id, a.group_id, a.client_id, a.ends_at)
  SELECT id, role_id AS "roleId", user_id AS "userId", group_id AS "groupId", client_id AS "clientId",
    coalesce(ends_at <= $1, false) AS "hasEnded" FROM followed ORDER BY id`;

async function followAssignments(tx: Tx): Promise<number> {
  const rows = await tx.query<Followed>(FOLLOW_ASSIGNMENTS, [tx.now]);
  for (const { id, hasEnded, ...details } of rows) {
    tx.record({
      type: hasEnded ? 'role-assignments.ended' : 'role-assignments.began',
      target: { type: 'role_assignment', id },
      details,
    });
    announceAssignment(tx, details);
  }
  return rows.length;
}

const FOLLOW_OPENINGS = /* sql */ `
  WITH due AS (
    SELECT id FROM users
    WHERE starts_at IS NOT NULL AND starts_at <= $1 AND status IN ('active', 'staged')
      AND (opening_followed_at IS NULL OR opening_followed_at < starts_at)
    ORDER BY starts_at LIMIT ${BATCH} FOR NO KEY UPDATE SKIP LOCKED
  ), followed AS (UPDATE users SET opening_followed_at = $1 FROM due WHERE users.id = due.id RETURNING users.id)
  SELECT id FROM followed ORDER BY id`;

async function followOpenings(tx: Tx): Promise<number> {
  const rows = await tx.query<{ id: string }>(FOLLOW_OPENINGS, [tx.now]);
  for (const { id } of rows) {
    tx.record({ type: 'users.opened', target: { type: 'user', id } });
    tx.announce({ topic: 'users', key: id });
  }
  return rows.length;
}
