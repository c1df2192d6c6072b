import { z } from 'zod';
import { operatorActor } from '../../kernel/actor.ts';
import type { Fault } from '../../kernel/errors.ts';
import type { ClientId, GroupId, RoleId, UserId } from '../../kernel/ids.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { assignRole } from '../access/assign-role.ts';
import { assertStillHolds } from '../access/may-grant.ts';
import { updateRoleAssignment } from '../access/update-role-assignment.ts';
import { blockOfText, moment } from '../users/attribute-types.ts';
import { importEach, unknownNames } from './import-each.ts';
import type { ImportKind, Outcome } from './import-rows.ts';
import { type Directory, findNamed } from './named-directory.ts';
import { faultAt, type SourceRow } from './source-row.ts';

const names = z.array(z.string().min(1).max(320)).max(1_000).default([]);
const assignmentRow = z
  .strictObject({
    role: z.string().min(1).max(256),
    users: names,
    groups: names,
    clients: names,
    startsAt: z.exactOptional(moment),
    endsAt: z.exactOptional(moment),
    reason: z.exactOptional(blockOfText(1000)),
  })
  .refine(({ users, groups, clients }) => users.length + groups.length + clients.length > 0, {
    path: ['users'],
    error: 'expected somebody in users, groups or clients',
  })
  .refine(({ startsAt, endsAt }) => !startsAt || !endsAt || startsAt < endsAt, {
    path: ['endsAt'],
    error: 'expected a moment after startsAt',
  });
type AssignmentRow = z.output<typeof assignmentRow>;

/** One role after another: two rows may be about one subject. */
const namesOf = ({ value: { role } }: SourceRow): readonly string[] => (typeof role === 'string' ? [role] : []);

async function importBatch(tx: Tx, rows: readonly SourceRow[]): Promise<Outcome> {
  await assertStillHolds(tx, ['role-assignments:write']);
  return importEach(rows, assignmentRow, async (good) => {
    const directory = await findNamed(tx, {
      userNames: good.flatMap(({ users }) => users),
      groupNames: good.flatMap(({ groups }) => groups),
      roleNames: good.map(({ role }) => role),
      clientIds: good.flatMap(({ clients }) => clients),
    });
    return async ({ row, said }) => {
      const unknown = unknownIn(said, directory);
      return unknown.length > 0 ? unknown.map((fault) => faultAt(row, fault)) : assign(tx, said, directory);
    };
  });
}

type Said = { readonly startsAt?: Date | null; readonly endsAt?: Date | null; readonly reason?: string | null };
type Subject = { readonly userId: UserId } | { readonly groupId: GroupId } | { readonly clientId: ClientId };

/** A role that somebody has from the same moment on is the same assignment: its end and reason are brought to what the row says. */
async function assign(
  tx: Tx,
  { role, users, groups, clients, ...said }: AssignmentRow,
  { roleId: roleOf, ...directory }: Directory,
): Promise<'created' | 'updated' | 'unchanged'> {
  const roleId = roleOf(role) as RoleId;
  const { startsAt = null, endsAt = null, reason = null }: Said = said;
  let outcome: 'created' | 'updated' | 'unchanged' = 'unchanged';
  for (const subject of subjectsOf({ users, groups, clients }, directory)) {
    const known = await findKnown(tx, { roleId, subject, startsAt });
    if (known === undefined) {
      await assignRole(tx, { roleId, ...subject, startsAt, endsAt, reason });
      outcome = 'created';
    } else if (known.endsAt?.getTime() !== endsAt?.getTime() || known.reason !== reason) {
      await updateRoleAssignment(tx, { id: known.id, patch: { endsAt, reason } });
      if (outcome === 'unchanged') outcome = 'updated';
    }
  }
  return outcome;
}

const subjectsOf = (
  { users, groups, clients }: Pick<AssignmentRow, 'users' | 'groups' | 'clients'>,
  { userId, groupId, clientId }: Omit<Directory, 'roleId'>,
): readonly Subject[] => [
  ...users.map((name) => ({ userId: userId(name) as UserId })),
  ...groups.map((name) => ({ groupId: groupId(name) as GroupId })),
  ...clients.map((name) => ({ clientId: clientId(name) as ClientId })),
];

type Known = { readonly id: string; readonly endsAt: Date | null; readonly reason: string | null };

async function findKnown(
  tx: Tx,
  { roleId, subject, startsAt }: { readonly roleId: RoleId; readonly subject: Subject; readonly startsAt: Date | null },
): Promise<Known | undefined> {
  const { userId = null, groupId = null, clientId = null } = subject as Partial<Record<string, string>>;
  const [row] = await tx.query<Known>(
    `SELECT id, ends_at AS "endsAt", reason FROM role_assignments
     WHERE role_id = $1 AND user_id IS NOT DISTINCT FROM $2::uuid AND group_id IS NOT DISTINCT FROM $3::uuid
       AND client_id IS NOT DISTINCT FROM $4::text AND starts_at IS NOT DISTINCT FROM $5::timestamptz`,
    [roleId, userId, groupId, clientId, startsAt],
  );
  return row;
}

const unknownIn = ({ role, users, groups, clients }: AssignmentRow, directory: Directory): readonly Fault[] => [
  ...(directory.roleId(role) === undefined
    ? [{ pointer: '/role', code: 'imports.role_unknown', detail: 'there is no such role' }]
    : []),
  ...unknownNames(users, directory.userId, { list: 'users', noun: 'user' }),
  ...unknownNames(groups, directory.groupId, { list: 'groups', noun: 'group' }),
  ...unknownNames(clients, directory.clientId, { list: 'clients', noun: 'client' }),
];

export const ROLE_ASSIGNMENTS: ImportKind = {
  content: 'role_assignments',
  actor: operatorActor('role-assignments import'),
  namesOf,
  importBatch,
};
