import { z } from 'zod';
import { conflict, type DomainError, invalid, notFound } from '../../kernel/errors.ts';
import { isUuid, newId } from '../../kernel/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import { onConstraint, type Reader, type Tx } from '../../persistence/unit-of-work.ts';
import { getOrganization, organizationNotFound } from '../organizations/organization.ts';
import { blockOfText, moment } from '../users/attribute-types.ts';
import { assertMayGrantRolesWithin } from './may-grant-within.ts';

/** A role that a member, or a team, has within an organization and those below it: for tokens that are for one of them. */
export type OrganizationRoleAssignment = {
  readonly id: string;
  readonly organizationId: string;
  readonly roleId: string;
  readonly userId: string | null;
  readonly groupId: string | null;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly reason: string | null;
  readonly createdAt: Date;
};

const id = (noun: string) => z.guid(`expected the id of a ${noun}`).transform((text) => text.toLowerCase());

export const organizationRoleAssignmentInput = z
  .strictObject({
    roleId: id('role'),
    userId: z.exactOptional(id('member of the organization')),
    groupId: z.exactOptional(id('team of the organization')),
    startsAt: z.exactOptional(moment).describe('In force from this moment on; absent: at once.'),
    endsAt: z.exactOptional(moment).describe('In force until just before this moment; absent: without an end.'),
    reason: z.exactOptional(blockOfText(1000)),
  })
  .refine(({ userId, groupId }) => (userId === undefined) !== (groupId === undefined), {
    path: ['userId'],
    error: 'expected exactly one of userId and groupId',
  })
  .refine(({ startsAt, endsAt }) => !startsAt || !endsAt || startsAt < endsAt, {
    path: ['endsAt'],
    error: 'expected a moment after startsAt',
  });

export type OrganizationRoleAssignmentInput = z.output<typeof organizationRoleAssignmentInput>;

const COLUMNS = /* sql */ `id, organization_id AS "organizationId", role_id AS "roleId", user_id AS "userId",
  group_id AS "groupId", starts_at AS "startsAt", ends_at AS "endsAt", reason, created_at AS "createdAt"`;

export async function searchOrganizationRoleAssignments(
  read: Reader,
  { organizationId, cursor, limit }: PageRequest & { readonly organizationId: string },
): Promise<Page<OrganizationRoleAssignment>> {
  const organization = await getOrganization(read, organizationId);
  const rows = await read.query<OrganizationRoleAssignment>(
    `SELECT ${COLUMNS} FROM organization_role_assignments
     WHERE organization_id = $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`,
    [organization.id, cursor === undefined ? null : decodeCursor(cursor, isUuid), limit + 1],
  );
  return toPage(rows, limit, (assignment) => assignment.id);
}

/**
 * Throws `not_found` for the organization, invalid `role_assignments.unknown_reference`, conflict `role_assignments.exists`,
 * forbidden `access.exceeds_own_permissions`.
 */
export async function assignRoleWithin(
  tx: Tx,
  { organizationId, ...input }: OrganizationRoleAssignmentInput & { readonly organizationId: string },
): Promise<OrganizationRoleAssignment> {
  const organization = await getOrganization(tx, organizationId);
  await assertMayGrantRolesWithin(tx, { organizationId: organization.id, roleIds: [input.roleId] });
  if (input.groupId !== undefined) await assertTeam(tx, organization.id, input.groupId);
  const assignment: OrganizationRoleAssignment = {
    id: newId(tx.now.getTime()),
    organizationId: organization.id,
    roleId: input.roleId,
    userId: input.userId ?? null,
    groupId: input.groupId ?? null,
    startsAt: input.startsAt ?? null,
    endsAt: input.endsAt ?? null,
    reason: input.reason ?? null,
    createdAt: tx.now,
  };
  await tx
    .query(
      `INSERT INTO organization_role_assignments
         (id, organization_id, role_id, user_id, group_id, starts_at, ends_at, reason, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      Object.values(assignment),
    )
    .catch(onConstraint('organization_role_assignments_once', alreadyAssigned))
    .catch(onConstraint('organization_role_assignments_organization_id_fkey', organizationNotFound))
    .catch(onConstraint('organization_role_assignments_role_id_fkey', () => unknown('/roleId', 'role')))
    .catch(onConstraint('organization_role_assignments_user_id_fkey', () => unknown('/userId', 'member')))
    .catch(onConstraint('organization_role_assignments_group_id_fkey', () => unknown('/groupId', 'team')));
  record(tx, 'organization-role-assignments.created', assignment);
  return assignment;
}

/** Throws `not_found`. Taking away is always open to whoever may change assignments here. */
export async function removeRoleAssignmentWithin(
  tx: Tx,
  { organizationId, id: assignmentId }: { readonly organizationId: string; readonly id: string },
): Promise<void> {
  const organization = await getOrganization(tx, organizationId);
  const [gone] = isUuid(assignmentId)
    ? await tx.query<OrganizationRoleAssignment>(
        `WITH gone AS (DELETE FROM organization_role_assignments WHERE organization_id = $1 AND id = $2 RETURNING *)
         SELECT ${COLUMNS} FROM gone`,
        [organization.id, assignmentId],
      )
    : [];
  if (gone === undefined) throw notFound('role_assignments.not_found', { detail: 'there is no such role assignment' });
  record(tx, 'organization-role-assignments.deleted', gone);
}

async function assertTeam(tx: Tx, organizationId: string, groupId: string): Promise<void> {
  const teams = await tx.query('SELECT FROM groups WHERE id = $1 AND organization_id = $2', [groupId, organizationId]);
  if (teams.length === 0) throw unknown('/groupId', 'team');
}

function record(
  tx: Tx,
  type: 'organization-role-assignments.created' | 'organization-role-assignments.deleted',
  { id: assignmentId, createdAt: _, ...said }: OrganizationRoleAssignment,
): void {
  const details = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null));
  tx.record({ type, target: { type: 'role_assignment', id: assignmentId }, details });
  if (said.userId !== null) tx.announce({ topic: 'access', key: `user:${said.userId}` });
  else tx.announce({ topic: 'access', key: '*' });
}

const alreadyAssigned = (): DomainError =>
  conflict('role_assignments.exists', {
    detail: 'this role is assigned to this subject already, from the same start; end that assignment first',
  });

const unknown = (pointer: string, noun: string): DomainError =>
  invalid('role_assignments.unknown_reference', {
    detail: `there is no such ${noun}`,
    faults: [{ pointer, code: `unknown_${noun}`, detail: `there is no ${noun} with this id in the organization` }],
  });
