import { newId, type UserId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import type { Writing } from '../user-attributes/user-attribute-input.ts';
import { attributeChanges } from './attribute-changes.ts';
import { checkCustomChange, indexCustomValues } from './custom-attributes.ts';
import { CUSTOM } from './custom-input.ts';
import { assertUserNameFree } from './deleted-user.ts';
import { ENTERPRISE } from './enterprise-input.ts';
import { getUser } from './find-user.ts';
import { assertManagerSeen, onManagerUnknown } from './manager-unknown.ts';
import { personalChanges } from './personal-changes.ts';
import { isPersonInForce, type Standing } from './standing.ts';
import { firstStanding } from './standing-input.ts';
import { attributesOf, keptAttributes, type NewUser, type User, type UserAttributes } from './user.ts';
import { onUserNameTaken } from './user-name-taken.ts';
import { attributeColumns, emailRows } from './user-rows.ts';
import { UserEmailsTable, type UserRow, UsersTable } from './users-table.ts';

const JOIN_HOME = `INSERT INTO organization_members (organization_id, user_id, created_at)
  SELECT home_organization_id, id, $2 FROM users WHERE id = $1 AND home_organization_id IS NOT NULL`;

/** Throws `conflict('users.user_name_taken')`, `conflict('users.user_name_reserved')` and `invalid('users.manager_unknown')`. */
export async function createUser(tx: Tx, input: NewUser, by: Writing = 'admin'): Promise<User> {
  const attributes = keptAttributes(input);
  const custom = attributes[CUSTOM] ?? {};
  const definitions = await checkCustomChange(tx, { before: {}, after: custom, by });
  await assertManagerSeen(tx, attributes);
  const user = newPerson(input, attributes, tx.now);
  const { id } = user;
  await tx.table(UsersTable).insert(newRow(user)).catch(onUserNameTaken).catch(onManagerUnknown);
  await assertUserNameFree(tx, user.userName);
  // The column's default is the organization they act for: whoever it manages is its member.
  if (tx.actor.organizationId !== undefined) await tx.query(JOIN_HOME, [id, tx.now]);
  await indexCustomValues(tx, { userId: id, custom, definitions });
  if (user.emails.length > 0) await tx.table(UserEmailsTable).insert(emailRows(id, user.emails));
  recordCreation(tx, user);
  return attributes[ENTERPRISE]?.manager === undefined ? user : getUser(tx, id);
}

export function newPerson(input: NewUser, attributes: UserAttributes, now: Date): User {
  return {
    ...attributes,
    id: newId<UserId>(now.getTime()),
    ...firstStanding(input, now),
    managerDisplayName: undefined,
    accessValidFrom: undefined,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}

export function newRow(user: User): UserRow {
  const { id, status, startsAt, endsAt, version, createdAt, updatedAt } = user;
  return {
    ...attributeColumns(user),
    id,
    status,
    startsAt: startsAt ?? null,
    endsAt: endsAt ?? null,
    accessValidFrom: null,
    version,
    createdAt,
    updatedAt,
  };
}

export function recordCreation(tx: Tx, user: User): void {
  const changes = attributeChanges({}, attributesOf(user));
  tx.record({
    type: 'users.created',
    target: { type: 'user', id: user.id },
    ...personalChanges(changes, standingChanges(user, tx.now)),
  });
  tx.announce({ topic: 'users', key: user.id });
}

const standingChanges = (standing: Standing, at: Date) => ({
  active: { to: isPersonInForce(standing, at) },
  ...(standing.status === 'active' ? {} : { status: { to: standing.status } }),
  ...(standing.startsAt === undefined ? {} : { startsAt: { to: standing.startsAt.toISOString() } }),
  ...(standing.endsAt === undefined ? {} : { endsAt: { to: standing.endsAt.toISOString() } }),
});
