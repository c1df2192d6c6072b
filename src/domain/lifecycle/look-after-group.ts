import type { Tx } from '../../persistence/unit-of-work.ts';
import { assertMayJoinGroup } from '../access/may-grant.ts';
import { getGroup } from '../groups/find-group.ts';
import { addGroupOwners, findByExactName, getOwnGroup } from '../groups/group-owners.ts';
import { endGroupMembership } from './end-group-membership.ts';
import { fillGroup } from './fill-group.ts';

/** Owners put others into the group: nobody makes one who could not do so. Throws what `addGroupOwners` and `assertMayJoinGroup` throw. */
export async function makeGroupOwners(
  tx: Tx,
  { groupId, userIds }: { readonly groupId: string; readonly userIds: readonly string[] },
): Promise<void> {
  const group = await getGroup(tx, groupId);
  await assertMayJoinGroup(tx, group.id);
  await addGroupOwners(tx, { groupId: group.id, userIds });
}

type OwnGroupChange = { readonly userId: string; readonly groupId: string };

const NOBODY = '';

/** By their exact name, or by id: whom they took out before. */
type NewMember = { readonly name: string } | { readonly memberId: string };

/**
 * An owner puts somebody into their group. Throws `not_found` for a group that they do not look after,
 * `forbidden('access.exceeds_own_permissions')` where it gives more power over this installation than they hold, and
 * `invalid('groups.member_unknown')` for whoever does not exist or may not be in it, alike.
 */
export async function addToOwnGroup(
  tx: Tx,
  { who, ...own }: OwnGroupChange & { readonly who: NewMember },
): Promise<void> {
  const group = await getOwnGroup(tx, own);
  const person = 'name' in who ? await findByExactName(tx, who.name) : who.memberId;
  await fillGroup(tx, { groupId: group.id, userIds: [person ?? NOBODY] });
}

/** They take somebody out. Throws `not_found`, and `conflict('access.last_administrator')`. */
export async function removeFromOwnGroup(
  tx: Tx,
  { memberId, ...own }: OwnGroupChange & { readonly memberId: string },
): Promise<void> {
  const group = await getOwnGroup(tx, own);
  await endGroupMembership(tx, { groupId: group.id, userIds: [memberId] });
}
