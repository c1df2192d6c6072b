import { conflict } from '../../kernel/errors.ts';
import { advisoryLocks } from '../../persistence/advisory-lock.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import { groupsBelow } from '../groups/groups-above.ts';
import { personInForce } from '../users/standing.ts';
import { ADMINISTRATOR_ROLE } from './admin-permissions.ts';

const STAYS = `${personInForce('$2')} AND users.ends_at IS NULL`;

/**
 * Someone active who has the role `administrator`, directly, through groups or by inheritance, now and without an end:
 * an assignment or a person that runs out would lock everyone out on that day.
 */
const ADMINISTRATORS = /* sql */ `
  WITH RECURSIVE giving (role_id) AS (
    SELECT id FROM roles WHERE name = $1 AND built_in
    UNION
    SELECT inheritance.role_id FROM giving JOIN role_inheritance inheritance ON inheritance.inherits_role_id = giving.role_id
  ), assigned AS (
    SELECT a.user_id, a.group_id FROM giving JOIN role_assignments a ON a.role_id = giving.role_id
    WHERE a.client_id IS NULL AND a.ends_at IS NULL AND (a.starts_at IS NULL OR a.starts_at <= $2)
  ), ${groupsBelow('SELECT group_id FROM assigned WHERE group_id IS NOT NULL')}, administrators AS (
    SELECT users.id FROM assigned JOIN users ON users.id = assigned.user_id WHERE ${STAYS}
    UNION ALL
    SELECT users.id FROM below
    JOIN group_members m ON m.group_id = below.group_id
    JOIN users ON users.id = m.user_id WHERE ${STAYS}
  )`;
const HAS_ADMINISTRATOR = `${ADMINISTRATORS} SELECT EXISTS (SELECT FROM administrators) AS found`;
const LIST_ADMINISTRATORS = `${ADMINISTRATORS} SELECT DISTINCT id FROM administrators ORDER BY id`;

const RULES_GIVE = `${ADMINISTRATORS}
  SELECT EXISTS (SELECT FROM below JOIN groups ON groups.id = below.group_id WHERE groups.membership_rule IS NOT NULL) AS found`;

/** Whether someone may be an administrator by a rule over attributes: then a change of attributes may end that. */
export async function isAdministeredByRule(read: Reader, at: Date): Promise<boolean> {
  const [row] = await read.query<{ found: boolean }>(RULES_GIVE, [ADMINISTRATOR_ROLE, at]);
  return row?.found ?? false;
}

/** Whether at least one person can administer this installation at `at` and from then on. */
export async function hasAdministrator(read: Reader, at: Date): Promise<boolean> {
  const [row] = await read.query<{ found: boolean }>(HAS_ADMINISTRATOR, [ADMINISTRATOR_ROLE, at]);
  return row?.found ?? false;
}

/** All of them: a handful, or a few hundred through a group. */
export async function listAdministrators(read: Reader, at: Date): Promise<readonly string[]> {
  const rows = await read.query<{ id: string }>(LIST_ADMINISTRATORS, [ADMINISTRATOR_ROLE, at]);
  return rows.map(({ id }) => id);
}

/**
 * Does what may remove the last administrator. Throws conflict `access.last_administrator` when there was one before and is
 * none after. The lock makes parallel removals wait for one another; each then sees what the other left.
 */
export async function withAdministratorKept<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await lockAdministrators(tx);
  const before = await hasAdministrator(tx.whole, tx.now);
  const result = await work();
  if (before && !(await hasAdministrator(tx.whole, tx.now))) throw lastAdministrator();
  return result;
}

/** Held to the end of the transaction. */
export const lockAdministrators = (tx: Tx): Promise<unknown> =>
  tx.query('SELECT pg_advisory_xact_lock($1)', [advisoryLocks.lastAdministrator]);

const lastAdministrator = () =>
  conflict('access.last_administrator', {
    detail:
      'At least one active person must keep the role administrator, without an end. Assign it to someone else first.',
  });
