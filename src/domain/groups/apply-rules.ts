import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import type { Bind } from '../directory-filter/compile-filter.ts';
import { membersChanged } from './group-members.ts';
import { compileRule, lockRules, type RuleLanguage, ruleLanguage } from './membership-rule.ts';

/** More people than this are moved, and recorded, in several statements. */
const BATCH = 1000;

export type RuleMoves = { readonly joining: readonly string[]; readonly leaving: readonly string[] };

type Verdict = { readonly id: string; readonly meets: boolean; readonly isMember: boolean };

/** All rules there are, which stay as they are until this transaction ends. */
async function rulesForPeople(tx: Tx): Promise<readonly { readonly id: string; readonly rule: string }[]> {
  await lockRules(tx, 'people');
  return tx.query('SELECT id, membership_rule AS rule FROM groups WHERE membership_rule IS NOT NULL ORDER BY id');
}

/** Which groups by rule a person is to join and to leave, all rules in one statement. Changes nothing. */
export async function findRuleMoves(tx: Tx, userId: string): Promise<RuleMoves> {
  const rules = await rulesForPeople(tx);
  if (rules.length === 0) return { joining: [], leaving: [] };
  const language = await ruleLanguage(tx);
  const parameters: unknown[] = [userId];
  const bind = (value: unknown): string => `$${parameters.push(value)}`;
  const verdicts = rules.map(({ id, rule }) => `(${bind(id)}::uuid, ${compileRule(rule, language, bind)})`);
  const rows = await tx.query<Verdict>(
    `SELECT verdict.id, verdict.meets,
       EXISTS (SELECT FROM group_members m WHERE m.group_id = verdict.id AND m.user_id = u.id) AS "isMember"
     FROM users u, LATERAL (VALUES ${verdicts.join(', ')}) AS verdict (id, meets) WHERE u.id = $1::uuid ORDER BY verdict.id`,
    parameters,
  );
  return {
    joining: rows.filter(({ meets, isMember }) => meets && !isMember).map(({ id }) => id),
    leaving: rows.filter(({ meets, isMember }) => !meets && isMember).map(({ id }) => id),
  };
}

/** Does what {@link findRuleMoves} found. */
export async function moveByRules(tx: Tx, userId: string, { joining, leaving }: RuleMoves): Promise<void> {
  if (joining.length > 0) {
    await tx.query(
      `INSERT INTO group_members (group_id, user_id, created_at) SELECT unnest($2::uuid[]), $1, $3 ON CONFLICT DO NOTHING`,
      [userId, joining, tx.now],
    );
  }
  if (leaving.length > 0) {
    await tx.query('DELETE FROM group_members WHERE user_id = $1 AND group_id = ANY($2::uuid[])', [userId, leaving]);
  }
  const moves = [
    ...joining.map((groupId) => ({ groupId, type: 'group-members.added' as const })),
    ...leaving.map((groupId) => ({ groupId, type: 'group-members.removed' as const })),
  ];
  // Groups in one order, so that two such changes never wait for each other.
  for (const move of moves.sort((a, b) => (a.groupId < b.groupId ? -1 : 1)))
    await membersChanged(tx, { ...move, userIds: [userId], byRule: true });
}

/** Many people join and leave by all rules there are: two statements for each group, however many people. Answers who moved where. */
export async function moveManyByRules(tx: Tx, userIds: readonly string[]): Promise<readonly GroupMove[]> {
  if (userIds.length === 0) return [];
  const rules = await rulesForPeople(tx);
  if (rules.length === 0) return [];
  const language = await ruleLanguage(tx);
  const moves: GroupMove[] = [];
  for (const { id: groupId, rule } of rules) {
    const ruled = { groupId, rule, language };
    const left = await moveThose(tx, ruled, userIds, 'leaving');
    const joined = await moveThose(tx, ruled, userIds, 'joining');
    await membersChanged(tx, { type: 'group-members.removed', groupId, userIds: left, byRule: true });
    await membersChanged(tx, { type: 'group-members.added', groupId, userIds: joined, byRule: true });
    moves.push({ groupId, joined, left });
  }
  return moves;
}

export type GroupMove = {
  readonly groupId: string;
  readonly joined: readonly string[];
  readonly left: readonly string[];
};

type Ruled = { readonly groupId: string; readonly rule: string; readonly language: RuleLanguage };

async function moveThose(
  tx: Tx,
  { groupId, rule, language }: Ruled,
  userIds: readonly string[],
  direction: 'joining' | 'leaving',
): Promise<readonly string[]> {
  const parameters: unknown[] = direction === 'joining' ? [groupId, userIds, tx.now] : [groupId, userIds];
  const condition = compileRule(rule, language, (value) => `$${parameters.push(value)}`);
  const sql =
    direction === 'joining'
      ? `WITH added AS (
           INSERT INTO group_members (group_id, user_id, created_at)
           SELECT $1, u.id, $3 FROM users u WHERE u.id = ANY($2::uuid[]) AND ${condition}
           ON CONFLICT DO NOTHING RETURNING user_id)
         SELECT user_id AS id FROM added`
      : `WITH gone AS (
           DELETE FROM group_members m USING users u
           WHERE m.group_id = $1 AND m.user_id = u.id AND u.id = ANY($2::uuid[]) AND NOT (${condition}) RETURNING m.user_id)
         SELECT user_id AS id FROM gone`;
  return idsOf(tx, sql, parameters);
}

/** Makes the members of a group those who meet its rule; without a rule, nobody is left. The caller holds the lock over rules. */
export async function refillByRule(tx: Tx, groupId: string, rule: string | undefined): Promise<void> {
  const language = await ruleLanguage(tx);
  const meets = rule === undefined ? undefined : (bind: Bind) => compileRule(rule, language, bind);
  await inBatches((after) => takeOut(tx, groupId, meets, after), { tx, groupId, type: 'group-members.removed' });
  if (meets === undefined) return;
  await inBatches((after) => putIn(tx, groupId, meets, after), { tx, groupId, type: 'group-members.added' });
}

type Meets = (bind: Bind) => string;

type Batch = {
  readonly tx: Tx;
  readonly groupId: string;
  readonly type: 'group-members.added' | 'group-members.removed';
};

async function inBatches(
  step: (after: string) => Promise<readonly string[]>,
  { tx, groupId, type }: Batch,
): Promise<void> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const userIds = await step(after);
    await membersChanged(tx, { type, groupId, userIds, byRule: true });
    after = userIds.reduce((last, id) => (id > last ? id : last), after);
    if (userIds.length < BATCH) return;
  }
}

async function takeOut(tx: Tx, groupId: string, meets: Meets | undefined, after: string): Promise<readonly string[]> {
  const parameters: unknown[] = [groupId, after];
  const condition = meets?.((value) => `$${parameters.push(value)}`) ?? 'false';
  return idsOf(
    tx,
    `WITH leaving AS (
       SELECT m.user_id FROM group_members m JOIN users u ON u.id = m.user_id
       WHERE m.group_id = $1 AND m.user_id > $2 AND NOT (${condition}) ORDER BY m.user_id LIMIT ${BATCH}
     ), gone AS (
       DELETE FROM group_members m USING leaving WHERE m.group_id = $1 AND m.user_id = leaving.user_id RETURNING m.user_id
     ) SELECT user_id AS id FROM gone`,
    parameters,
  );
}

async function putIn(tx: Tx, groupId: string, meets: Meets, after: string): Promise<readonly string[]> {
  const parameters: unknown[] = [groupId, after, tx.now];
  const condition = meets((value) => `$${parameters.push(value)}`);
  return idsOf(
    tx,
    `WITH added AS (
       INSERT INTO group_members (group_id, user_id, created_at)
       SELECT $1, u.id, $3 FROM users u
       WHERE u.id > $2 AND ${condition}
         AND NOT EXISTS (SELECT FROM group_members m WHERE m.group_id = $1 AND m.user_id = u.id)
       ORDER BY u.id LIMIT ${BATCH} RETURNING user_id
     ) SELECT user_id AS id FROM added`,
    parameters,
  );
}

const idsOf = async (read: Reader, sql: string, parameters: readonly unknown[]): Promise<readonly string[]> =>
  (await read.query<{ id: string }>(sql, parameters)).map(({ id }) => id);
