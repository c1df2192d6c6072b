import { forbidden } from '../../kernel/errors.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import type { AdminPermission } from '../access/admin-permissions.ts';
import { assertMayManageUser, assertStillHolds } from '../access/may-grant.ts';
import { onlyCloses } from '../lifecycle/amend-standing.ts';
import { attributeChanges } from '../users/attribute-changes.ts';
import { attributesOf } from '../users/user.ts';
import type { PlannedRow } from './plan-row.ts';

/** Whoever changes these of someone could sign in as them, or be taken for them (amend-user.ts). */
const IDENTIFYING = ['userName', 'externalId', 'emails', 'phoneNumbers'] as const;

/**
 * A file does nothing that its bearer could not do person by person: groups and roles ask for their own permissions, in the token
 * and held now, and nobody gets at a person with more power. Throws forbidden `access.exceeds_own_permissions`.
 */
export async function assertMayImport(
  tx: Tx,
  rows: readonly PlannedRow[],
  allowed: readonly string[] | undefined,
): Promise<void> {
  if (tx.actor.type === 'operator' || tx.actor.type === 'system') return;
  const needed = new Set<AdminPermission>();
  for (const { beside } of rows) {
    if (beside.groups?.length) needed.add('groups:write');
    if (beside.roles?.length) needed.add('role-assignments:write');
  }
  for (const permission of needed) if (allowed && !allowed.includes(permission)) throw tokenTooNarrow(permission);
  await assertStillHolds(tx, [...needed]);
  // Each by itself, but for those alone who may have any power: they are few.
  for (const id of await thoseWithMore(
    tx,
    rows.filter((row) => takesOver(tx, row)),
  ))
    await assertMayManageUser(tx, id);
}

function takesOver({ now }: Tx, row: PlannedRow): boolean {
  if (row.newcomer !== undefined) return false;
  const { revision, standing, beside } = row;
  const changes = attributeChanges(attributesOf(revision.before), revision.attributes);
  return (
    beside.passwordHash !== undefined ||
    IDENTIFYING.some((name) => name in changes) ||
    !onlyCloses(revision.before, standing, now)
  );
}

async function thoseWithMore(tx: Tx, rows: readonly PlannedRow[]): Promise<readonly string[]> {
  if (rows.length === 0) return [];
  const found = await tx.whole.query<{ id: string }>(
    `SELECT id FROM unnest($1::uuid[]) AS person (id)
     WHERE EXISTS (SELECT FROM role_assignments a WHERE a.user_id = person.id)
        OR EXISTS (SELECT FROM group_members m WHERE m.user_id = person.id)
        OR EXISTS (SELECT FROM organization_role_assignments o WHERE o.user_id = person.id)
     ORDER BY id`,
    [rows.map(({ userId }) => userId)],
  );
  return found.map(({ id }) => id);
}

const tokenTooNarrow = (permission: AdminPermission) =>
  forbidden('access.exceeds_own_permissions', {
    detail: `This row needs ${permission}, which the token of the upload did not allow.`,
  });
