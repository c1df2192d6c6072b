import { parseInput } from '../../kernel/input.ts';
import { mergePatch } from '../../kernel/merge-patch.ts';
import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { getGroup } from './find-group.ts';
import { type Group, groupChanged, onDisplayNameTaken, teamByRule } from './group.ts';
import { type GroupPatch, groupInput } from './group-input.ts';
import { GroupsTable } from './groups-table.ts';
import { assertRuleIsValid } from './membership-rule.ts';

export type GroupChange = {
  readonly id: string;
  readonly expectedVersion?: number | undefined;
  readonly patch: GroupPatch;
};

/**
 * RFC 7396 merge patch; the lifecycle room makes members follow a new rule. Throws `not_found`, `invalid`, `conflict('groups.display_name_taken')`,
 * `precondition('request.version_mismatch')`.
 */
export async function updateGroup(tx: Tx, { id, expectedVersion, patch }: GroupChange): Promise<Group> {
  const first = await attempt(tx, await getGroup(tx, id), expectedVersion, patch);
  if (first) return first;
  if (expectedVersion !== undefined) throw groupChanged();
  // Someone else was faster: wait for the row, so that the second attempt cannot lose again.
  await tx.query('SELECT 1 FROM groups WHERE id = $1 FOR UPDATE', [id]);
  const second = await attempt(tx, await getGroup(tx, id), undefined, patch);
  if (!second) throw groupChanged();
  return second;
}

async function attempt(
  tx: Tx,
  before: Group,
  expectedVersion: number | undefined,
  patch: GroupPatch,
): Promise<Group | undefined> {
  if (expectedVersion !== undefined && before.version !== expectedVersion) throw groupChanged();
  const { id, version, createdAt, updatedAt: _, ...was } = before;
  const input = parseInput(groupInput, mergePatch(was, patch), 'groups.invalid');
  const changed = changesOf(was, input);
  if (Object.keys(changed).length === 0) return before;
  if (was.organizationId !== undefined && input.membershipRule !== undefined) throw teamByRule();
  if ('membershipRule' in changed && input.membershipRule !== undefined)
    await assertRuleIsValid(tx, input.membershipRule);
  const { affected } = await tx
    .table(GroupsTable)
    .update(
      { id, version },
      {
        displayName: input.displayName,
        displayNameKey: comparisonKey(input.displayName),
        externalId: input.externalId ?? null,
        membershipRule: input.membershipRule ?? null,
        version: version + 1,
        updatedAt: tx.now,
      },
    )
    .catch(onDisplayNameTaken);
  if (affected !== 1) return undefined;
  tx.record({ type: 'groups.updated', target: { type: 'group', id }, details: { changed } });
  // The `groups` claim of every member holds the name.
  if ('displayName' in changed) tx.announce({ topic: 'access', key: '*' });
  return { id, ...input, version: version + 1, createdAt, updatedAt: tx.now };
}

type Attributes = Pick<Group, 'displayName' | 'externalId' | 'membershipRule'>;

function changesOf(was: Attributes, is: Attributes): Record<string, { from?: string; to?: string }> {
  const names = ['displayName', 'externalId', 'membershipRule'] as const;
  return Object.fromEntries(
    names
      .filter((name) => was[name] !== is[name])
      .map((name) => [
        name,
        {
          ...(was[name] === undefined ? {} : { from: was[name] }),
          ...(is[name] === undefined ? {} : { to: is[name] }),
        },
      ]),
  );
}
