import type { Tx } from '../../persistence/unit-of-work.ts';
import { assertRulesHold, lockRules } from '../groups/membership-rule.ts';
import {
  deleteUserAttribute,
  type UserAttributeChange,
  updateUserAttribute,
} from '../user-attributes/change-user-attribute.ts';
import type { UserAttribute } from '../user-attributes/user-attribute.ts';

/** Changes what an attribute is; rules of groups go on asking for it. Throws as the user-attributes room, and as {@link assertRulesHold}. */
export async function amendUserAttribute(tx: Tx, change: UserAttributeChange): Promise<UserAttribute> {
  await lockRules(tx, 'rule');
  const attribute = await updateUserAttribute(tx, change);
  if (change.patch.readableBy !== undefined) await assertRulesHold(tx);
  return attribute;
}

/** Takes an attribute away that no rule asks for. Throws as {@link amendUserAttribute}. */
export async function removeUserAttribute(tx: Tx, removal: Omit<UserAttributeChange, 'patch'>): Promise<void> {
  await lockRules(tx, 'rule');
  await deleteUserAttribute(tx, removal);
  await assertRulesHold(tx);
}
