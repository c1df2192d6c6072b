import { z } from 'zod';
import { operatorActor } from '../../kernel/actor.ts';
import type { Fault } from '../../kernel/errors.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { assertStillHolds } from '../access/may-grant.ts';
import { getGroup } from '../groups/find-group.ts';
import type { Group } from '../groups/group.ts';
import { groupInput } from '../groups/group-input.ts';
import { changeGroup } from '../lifecycle/change-group.ts';
import { fillGroupWith, foundGroup, type NamedMember } from '../lifecycle/fill-group.ts';
import { importEach, type ParsedRow, type RowOutcome, unknownNames } from './import-each.ts';
import type { ImportKind, Outcome } from './import-rows.ts';
import { type Directory, findNamed } from './named-directory.ts';
import { faultAt, type SourceRow } from './source-row.ts';

const names = z.array(z.string().min(1).max(320)).max(10_000).default([]);
const groupRow = groupInput.omit({ organizationId: true }).extend({ members: names, groups: names });
type GroupRow = z.output<typeof groupRow>;

/** A later row about the same group goes on with it. */
const namesOf = ({ value: { displayName, externalId } }: SourceRow): readonly string[] => [
  ...(typeof displayName === 'string' ? [`name ${comparisonKey(displayName)}`] : []),
  ...(typeof externalId === 'string' ? [`id ${externalId}`] : []),
];

async function importBatch(tx: Tx, rows: readonly SourceRow[]): Promise<Outcome> {
  await assertStillHolds(tx, ['groups:write']);
  return importEach(rows, groupRow, async (good) => {
    const people = await findNamed(tx, { userNames: good.flatMap(({ members }) => members), groupNames: [] });
    return (one) => importGroup(tx, one, people);
  });
}

async function importGroup(
  tx: Tx,
  { row, said: { members, groups, ...input } }: ParsedRow<GroupRow>,
  people: Directory,
): Promise<RowOutcome> {
  // Groups come into being row by row: those inside are looked for now.
  const { groupId } = await findNamed(tx, { userNames: [], groupNames: [...groups, input.displayName] });
  const missing: Fault[] = [
    ...unknownNames(members, people.userId, { list: 'members', noun: 'user' }),
    ...unknownNames(groups, groupId, { list: 'groups', noun: 'group' }),
  ];
  const before = await findMeant(tx, input, groupId(input.displayName));
  if (before === 'other') missing.push(belongsToOther);
  if (missing.length > 0 || before === 'other') return missing.map((fault) => faultAt(row, fault));
  const wanted: NamedMember[] = [
    ...members.flatMap((name) => people.userId(name) ?? []).map((value) => ({ value, type: 'User' as const })),
    ...groups.flatMap((name) => groupId(name) ?? []).map((value) => ({ value, type: 'Group' as const })),
  ];
  if (before === undefined) {
    await foundGroup(tx, { input, members: wanted });
    return 'created';
  }
  const patch = Object.fromEntries(
    Object.entries(input).filter(([name, value]) => before[name as keyof Group] !== value),
  );
  if (Object.keys(patch).length > 0) await changeGroup(tx, { id: before.id, patch });
  const newcomers = await notYetIn(tx, before.id, wanted);
  if (newcomers.length > 0) await fillGroupWith(tx, { groupId: before.id, members: newcomers });
  return (await getGroup(tx, before.id)).version === before.version ? 'unchanged' : 'updated';
}

/** The externalId says which group is meant, else its name; a name of a group with another externalId is refused. */
async function findMeant(
  tx: Tx,
  { externalId }: Pick<GroupRow, 'externalId'>,
  named: string | undefined,
): Promise<Group | undefined | 'other'> {
  if (externalId !== undefined) {
    const [row] = await tx.query<{ id: string }>(
      'SELECT id FROM groups WHERE external_id = $1 AND organization_id IS NULL',
      [externalId],
    );
    if (row !== undefined) return getGroup(tx, row.id);
  }
  const group = named === undefined ? undefined : await getGroup(tx, named);
  return externalId !== undefined && group?.externalId !== undefined && group.externalId !== externalId
    ? 'other'
    : group;
}

const belongsToOther: Fault = {
  pointer: '/displayName',
  code: 'imports.group_of_other',
  detail: 'a group with this name has another externalId',
};

async function notYetIn(tx: Tx, groupId: string, wanted: readonly NamedMember[]): Promise<readonly NamedMember[]> {
  if (wanted.length === 0) return [];
  const rows = await tx.query<{ id: string }>(
    `SELECT user_id AS id FROM group_members WHERE group_id = $1 AND user_id = ANY ($2::uuid[])
     UNION ALL SELECT included_group_id FROM group_inclusions WHERE group_id = $1 AND included_group_id = ANY ($2::uuid[])`,
    [groupId, wanted.map(({ value }) => value)],
  );
  const present = new Set(rows.map(({ id }) => id));
  return wanted.filter(({ value }) => !present.has(value));
}

export const GROUPS: ImportKind = { content: 'groups', actor: operatorActor('groups import'), namesOf, importBatch };
