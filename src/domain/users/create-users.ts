import type { UserId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { insertRows } from '../../persistence/write-rows.ts';
import type { UserAttribute } from '../user-attributes/user-attribute.ts';
import { newPerson, newRow, recordCreation } from './create-user.ts';
import { indexManyCustomValues, keepDefinitions } from './custom-attributes.ts';
import { CUSTOM } from './custom-input.ts';
import { reservedUserNames, userNameReserved } from './deleted-user.ts';
import { onManagerUnknown } from './manager-unknown.ts';
import { keptAttributes, type NewUser, type User } from './user.ts';
import { onUserNameTaken } from './user-name-taken.ts';
import { emailRows } from './user-rows.ts';
import { UserEmailsTable, UsersTable } from './users-table.ts';

export type Newcomer = {
  readonly id: UserId;
  readonly input: NewUser;
  /** The definitions of their operator-defined attributes, which the caller has checked with `customFaults`. */
  readonly definitions: readonly UserAttribute[];
};

/** Many at once, all or none, with as many statements for a thousand as for one. Throws what `createUser` throws. */
export async function createUsers(tx: Tx, newcomers: readonly Newcomer[]): Promise<readonly User[]> {
  if (newcomers.length === 0) return [];
  const users = newcomers.map(({ id, input }) => ({ ...newPerson(input, keptAttributes(input), tx.now), id }));
  await keepDefinitions(tx, distinct(newcomers.flatMap(({ definitions }) => definitions)));
  await insertRows(tx, UsersTable, users.map(newRow)).catch(onUserNameTaken).catch(onManagerUnknown);
  const reserved = await reservedUserNames(
    tx,
    users.map(({ userName }) => userName),
  );
  if (reserved.size > 0) throw userNameReserved();
  await insertRows(
    tx,
    UserEmailsTable,
    users.flatMap(({ id, emails }) => emailRows(id, emails)),
  );
  const indexed = users.map((user, index) => ({
    userId: user.id,
    custom: user[CUSTOM] ?? {},
    definitions: newcomers[index]?.definitions ?? [],
  }));
  await indexManyCustomValues(tx, indexed);
  for (const user of users) recordCreation(tx, user);
  return users;
}

export const distinct = <One extends { readonly id: string }>(all: readonly One[]): readonly One[] => [
  ...new Map(all.map((one) => [one.id, one])).values(),
];
