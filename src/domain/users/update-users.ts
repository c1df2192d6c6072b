import type { Tx } from '../../persistence/unit-of-work.ts';
import { insertRows, updateRows } from '../../persistence/write-rows.ts';
import type { UserAttribute } from '../user-attributes/user-attribute.ts';
import { attributeChanges } from './attribute-changes.ts';
import { distinct } from './create-users.ts';
import { indexManyCustomValues, keepDefinitions } from './custom-attributes.ts';
import { CUSTOM } from './custom-input.ts';
import { reservedUserNames, userNameReserved } from './deleted-user.ts';
import { onManagerUnknown } from './manager-unknown.ts';
import { recordUpdate } from './update-user.ts';
import { attributesOf, type User, type UserAttributes } from './user.ts';
import { onUserNameTaken } from './user-name-taken.ts';
import { attributeColumns, emailRows } from './user-rows.ts';
import { UserEmailsTable, UsersTable } from './users-table.ts';

export type Revision = {
  /** As they are, with the row locked by the caller. */
  readonly before: User;
  readonly attributes: UserAttributes;
  /** The definitions of the operator-defined attributes that change, checked by the caller with `customFaults`. */
  readonly definitions: readonly UserAttribute[];
};

/**
 * Attributes of many people at once, all or none; those who have them already are passed over. Answers whose changed.
 * Throws what `updateUser` throws.
 */
export async function updateUsers(tx: Tx, revisions: readonly Revision[]): Promise<readonly Revision[]> {
  const changes = revisions
    .map((revision) => ({ ...revision, changed: attributeChanges(attributesOf(revision.before), revision.attributes) }))
    .filter(({ changed }) => Object.keys(changed).length > 0);
  if (changes.length === 0) return [];
  await keepDefinitions(tx, distinct(changes.flatMap(({ definitions }) => definitions)));
  const rows = changes.map(({ before: { id, version }, attributes }) => ({
    ...attributeColumns(attributes),
    id,
    version: version + 1,
    updatedAt: tx.now,
  }));
  await updateRows(tx, UsersTable, rows).catch(onUserNameTaken).catch(onManagerUnknown);
  const renamed = changes.filter(({ changed }) => 'userName' in changed).map(({ attributes }) => attributes.userName);
  if ((await reservedUserNames(tx, renamed)).size > 0) throw userNameReserved();
  await indexManyCustomValues(
    tx,
    changes.map(({ before, attributes, definitions }) => ({
      userId: before.id,
      custom: attributes[CUSTOM] ?? {},
      definitions,
    })),
  );
  await replaceEmails(
    tx,
    changes.filter(({ changed }) => 'emails' in changed),
  );
  for (const { before, changed } of changes) recordUpdate(tx, before.id, changed);
  return changes;
}

async function replaceEmails(tx: Tx, changes: readonly Revision[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.query('DELETE FROM user_emails WHERE user_id = ANY ($1::uuid[])', [changes.map(({ before }) => before.id)]);
  await insertRows(
    tx,
    UserEmailsTable,
    changes.flatMap(({ before, attributes }) => emailRows(before.id, attributes.emails)),
  );
}
