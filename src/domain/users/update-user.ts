import { precondition } from '../../kernel/errors.ts';
import { parseInput } from '../../kernel/input.ts';
import { mergePatch } from '../../kernel/merge-patch.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import type { Writing } from '../user-attributes/user-attribute-input.ts';
import { type AttributeChanges, attributeChanges } from './attribute-changes.ts';
import { checkCustomChange, indexCustomValues } from './custom-attributes.ts';
import { CUSTOM } from './custom-input.ts';
import { assertUserNameFree } from './deleted-user.ts';
import { ENTERPRISE } from './enterprise-input.ts';
import { getUser } from './find-user.ts';
import { assertManagerSeen, onManagerUnknown } from './manager-unknown.ts';
import { personalChanges } from './personal-changes.ts';
import type { Standing } from './standing.ts';
import { attributesOf, keptAttributes, type User } from './user.ts';
import { type UserPatch, userInput } from './user-input.ts';
import { onUserNameTaken } from './user-name-taken.ts';
import { attributeColumns, emailRows } from './user-rows.ts';
import { UserEmailsTable, UsersTable } from './users-table.ts';

/** A change of attributes alone. */
export type AttributePatch = Omit<UserPatch, 'active' | keyof Standing>;

export type UserChange = {
  readonly id: string;
  /** The version the caller saw; without it the change is merged into whatever is there. */
  readonly expectedVersion?: number | undefined;
  readonly patch: AttributePatch;
  /** Through which door: attributes say who may write them. */
  readonly by?: Writing | undefined;
};

/**
 * RFC 7396 merge patch of a person's attributes. Whether they are let in is changed by the lifecycle room, which also ends their access.
 * Throws `not_found`, `invalid` (`users.manager_unknown`), `conflict('users.user_name_taken')`, `conflict('users.user_name_reserved')`, `precondition('request.version_mismatch')`.
 */
export async function updateUser(tx: Tx, change: UserChange): Promise<User> {
  const { id, expectedVersion } = change;
  const first = await attempt(tx, await getUser(tx, id), change);
  if (first) return first;
  if (expectedVersion !== undefined) throw versionMismatch();
  // Someone else was faster: wait for the row, so that the second attempt cannot lose again.
  await tx.query('SELECT 1 FROM users WHERE id = $1 FOR UPDATE', [id]);
  const second = await attempt(tx, await getUser(tx, id), { ...change, expectedVersion: undefined });
  if (!second) throw versionMismatch();
  return second;
}

async function attempt(
  tx: Tx,
  before: User,
  { expectedVersion, patch, by = 'admin' }: UserChange,
): Promise<User | undefined> {
  if (expectedVersion !== undefined && before.version !== expectedVersion) throw versionMismatch();
  const was = attributesOf(before);
  const merged = parseInput(userInput, mergePatch(was, patch), 'users.invalid');
  const attributes = keptAttributes(merged);
  const changed = attributeChanges(was, attributes);
  if (Object.keys(changed).length === 0) return before;
  if (ENTERPRISE in changed) await assertManagerSeen(tx, attributes);
  const custom = attributes[CUSTOM] ?? {};
  const definitions = await checkCustomChange(tx, { before: was[CUSTOM] ?? {}, after: custom, by });
  const after: User = { ...stateOf(before), ...attributes, version: before.version + 1, updatedAt: tx.now };
  const { affected } = await tx
    .table(UsersTable)
    .update(
      { id: before.id, version: before.version },
      { ...attributeColumns(attributes), version: after.version, updatedAt: tx.now },
    )
    .catch(onUserNameTaken)
    .catch(onManagerUnknown);
  if (affected !== 1) return undefined;
  if ('userName' in changed) await assertUserNameFree(tx, after.userName);
  await indexCustomValues(tx, { userId: before.id, custom, definitions });
  if ('emails' in changed) await replaceEmails(tx, after);
  recordUpdate(tx, before.id, changed);
  return ENTERPRISE in changed ? getUser(tx, before.id) : after;
}

export function recordUpdate(tx: Tx, id: string, changed: AttributeChanges): void {
  tx.record({ type: 'users.updated', target: { type: 'user', id }, ...personalChanges(changed) });
  tx.announce({ topic: 'users', key: id });
}

const versionMismatch = () =>
  precondition('request.version_mismatch', { detail: 'the user was changed meanwhile; read it again' });

function stateOf({ id, status, startsAt, endsAt, managerDisplayName, accessValidFrom, createdAt }: User) {
  return { id, status, startsAt, endsAt, managerDisplayName, accessValidFrom, createdAt };
}

async function replaceEmails(tx: Tx, { id, emails }: User): Promise<void> {
  await tx.table(UserEmailsTable).delete({ userId: id });
  if (emails.length > 0) await tx.table(UserEmailsTable).insert(emailRows(id, emails));
}
