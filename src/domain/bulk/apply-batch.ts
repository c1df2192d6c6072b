import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { assignRoles } from '../access/assign-roles.ts';
import { setFirstPasswords } from '../credentials/set-first-passwords.ts';
import { amendStanding, isSamePeriod } from '../lifecycle/amend-standing.ts';
import { deactivateUsers } from '../lifecycle/deactivate-user.ts';
import { fillGroup } from '../lifecycle/fill-group.ts';
import { followRulesOfMany } from '../lifecycle/follow-rules.ts';
import { notifyFormerAddresses } from '../lifecycle/notify-former-addresses.ts';
import { createUsers } from '../users/create-users.ts';
import { statusAt } from '../users/standing.ts';
import { nextStanding } from '../users/standing-input.ts';
import { updateUsers } from '../users/update-users.ts';
import type { BatchFacts } from './batch-facts.ts';
import type { PlannedRow } from './plan-row.ts';
import { faultAt, type RowFault } from './source-row.ts';

export type Counts = {
  readonly created: number;
  readonly updated: number;
  readonly deactivated: number;
  readonly unchanged: number;
  readonly refused: number;
};

type Applied = Omit<Counts, 'refused'> & { readonly notices: readonly RowFault[] };
type Known = PlannedRow & { readonly newcomer?: undefined };

/** Brings people to what the rows of one batch say, with the commands of every other door. Throws what those throw. */
export async function applyBatch(
  tx: Tx,
  rows: readonly PlannedRow[],
  { facts, reactivate }: { readonly facts: BatchFacts; readonly reactivate: boolean },
): Promise<Applied> {
  const known = rows.filter((one): one is Known => one.newcomer === undefined);
  await createUsers(
    tx,
    rows.flatMap(({ newcomer }) => newcomer ?? []),
  );
  const changed = new Set<string>();
  const revised = await updateUsers(
    tx,
    known.map(({ revision }) => revision),
  );
  for (const { before, attributes } of revised) {
    changed.add(before.id);
    notifyFormerAddresses(tx, before, { ...before, ...attributes });
  }
  const { out, notices } = await settleStanding(tx, known, { reactivate, changed });
  const passwords = rows.flatMap(({ userId, beside: { passwordHash } }) =>
    passwordHash === undefined ? [] : [{ userId, hash: passwordHash }],
  );
  for (const id of await setFirstPasswords(tx, passwords)) changed.add(id);
  const revisedIds = revised.map(({ before }) => before.id);
  await followRulesOfMany(tx, [...rows.flatMap(({ newcomer, userId }) => (newcomer ? [userId] : [])), ...revisedIds]);
  await joinGroups(tx, rows, { facts, changed });
  const roles = rows.flatMap(({ userId, beside }) =>
    (beside.roles ?? []).flatMap((name) => {
      const roleId = facts.roles.get(name);
      return roleId === undefined ? [] : [{ userId, roleId }];
    }),
  );
  for (const id of await assignRoles(tx, roles)) changed.add(id);
  const updated = known.filter(({ userId }) => changed.has(userId) && !out.has(userId)).length;
  const created = rows.length - known.length;
  return {
    created,
    updated,
    deactivated: out.size,
    unchanged: known.length - updated - out.size,
    notices,
  };
}

async function joinGroups(
  tx: Tx,
  rows: readonly PlannedRow[],
  { facts, changed }: { readonly facts: BatchFacts; readonly changed: Set<string> },
): Promise<void> {
  const members = new Map<string, string[]>();
  for (const { userId, beside } of rows)
    for (const name of beside.groups ?? []) {
      const id = facts.groups.get(comparisonKey(name));
      if (id !== undefined) members.set(id, [...(members.get(id) ?? []), userId]);
    }
  // In the order of ids, as everyone who locks several.
  for (const [groupId, userIds] of [...members].sort(([a], [b]) => (a < b ? -1 : 1)))
    for (const id of await fillGroup(tx, { groupId, userIds })) changed.add(id);
}

/** Whoever is out by the file goes out in one statement; whoever comes in or has other days, one by one: they are few. */
async function settleStanding(
  tx: Tx,
  rows: readonly Known[],
  { reactivate, changed }: { readonly reactivate: boolean; readonly changed: Set<string> },
): Promise<{ readonly out: ReadonlySet<string>; readonly notices: readonly RowFault[] }> {
  const leavers: string[] = [];
  const notices: RowFault[] = [];
  for (const { row, userId, revision, standing } of rows) {
    const { before } = revision;
    const { active, ...rest } = standing;
    // Someone staged opens on their day: a list of everyone who is active does not open them before.
    const said = active === true && before.status === 'staged' ? rest : standing;
    if (Object.keys(said).length === 0) continue;
    const next = nextStanding(before, said, tx.now);
    if (next.status === before.status && isSamePeriod(before, next)) continue;
    if (isOver(before, tx.now) && !isOver(next, tx.now) && !reactivate) {
      const detail = `stays ${statusAt(before, tx.now)}: import with --reactivate to let them in again`;
      const pointer = ['/active', '/status', '/endsAt'].find((name) => name.slice(1) in said) ?? '';
      notices.push(faultAt(row, { pointer, code: 'notice.not_reactivated', detail }));
    } else if (next.status === 'inactive' && isSamePeriod(before, next)) leavers.push(userId);
    else {
      await amendStanding(tx, { before, patch: said });
      changed.add(userId);
    }
  }
  const receipts = leavers.length > 0 ? await deactivateUsers(tx, { userIds: leavers }) : new Map<string, string>();
  return { out: new Set(receipts.keys()), notices };
}

const isOver = (standing: Parameters<typeof statusAt>[0], at: Date): boolean =>
  ['inactive', 'suspended'].includes(statusAt(standing, at));
