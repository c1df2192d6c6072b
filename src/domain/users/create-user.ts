import { newId, type UserId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import type { Writing } from '../user-attributes/user-attribute-input.ts';
import { attributeChanges } from './attribute-changes.ts';
import { checkCustomChange, indexCustomValues } from './custom-attributes.ts';
import { CUSTOM } from './custom-input.ts';
import { assertUserNameFree } from './deleted-user.ts';
import { ENTERPRISE } from './enterprise-input.ts';
import { getUser } from './find-user.ts';
import { onManagerUnknown } from './manager-unknown.ts';
import { personalChanges } from './personal-changes.ts';
import { isPersonInForce, type Standing } from './standing.ts';
import { firstStanding } from './standing-input.ts';
import { keptAttributes, type NewUser, type User } from './user.ts';
import { onUserNameTaken } from './user-name-taken.ts';
import { attributeColumns, emailRows } from './user-rows.ts';
import { UserEmailsTable, UsersTable } from './users-table.ts';

/** Throws `conflict('users.user_name_taken')`, `conflict('users.user_name_reserved')` and `invalid('users.manager_unknown')`. */
export async function createUser(tx: Tx, input: NewUser, by: Writing = 'admin'): Promise<User> {
  const attributes = keptAttributes(input);
  const custom = attributes[CUSTOM] ?? {};
  const definitions = await checkCustomChange(tx, { before: {}, after: custom, by });
  const standing = firstStanding(input, tx.now);
  const user: User = {
    ...attributes,
    id: newId<UserId>(tx.now.getTime()),
    ...standing,
    managerDisplayName: undefined,
    accessValidFrom: undefined,
    version: 1,
    createdAt: tx.now,
    updatedAt: tx.now,
  };
  const { id, status, version, createdAt, updatedAt } = user;
  const [startsAt, endsAt] = [standing.startsAt ?? null, standing.endsAt ?? null];
  await tx
    .table(UsersTable)
    .insert({
      ...attributeColumns(attributes),
      id,
      status,
      startsAt,
      endsAt,
      accessValidFrom: null,
      version,
      createdAt,
      updatedAt,
    })
    .catch(onUserNameTaken)
    .catch(onManagerUnknown);
  await assertUserNameFree(tx, user.userName);
  await indexCustomValues(tx, { userId: id, custom, definitions });
  if (user.emails.length > 0) await tx.table(UserEmailsTable).insert(emailRows(id, user.emails));
  tx.record({
    type: 'users.created',
    target: { type: 'user', id },
    ...personalChanges(attributeChanges({}, attributes), standingChanges(standing, tx.now)),
  });
  tx.announce({ topic: 'users', key: id });
  return attributes[ENTERPRISE]?.manager === undefined ? user : getUser(tx, id);
}

const standingChanges = (standing: Standing, at: Date) => ({
  active: { to: isPersonInForce(standing, at) },
  ...(standing.status === 'active' ? {} : { status: { to: standing.status } }),
  ...(standing.startsAt === undefined ? {} : { startsAt: { to: standing.startsAt.toISOString() } }),
  ...(standing.endsAt === undefined ? {} : { endsAt: { to: standing.endsAt.toISOString() } }),
});
