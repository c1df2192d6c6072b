import { EntitySchema } from 'typeorm';
import type { ClientId, GroupId, RoleAssignmentId, RoleId, UserId } from '../../kernel/ids.ts';

export type RoleAssignmentRow = {
  id: RoleAssignmentId;
  roleId: RoleId;
  userId: UserId | null;
  groupId: GroupId | null;
  clientId: ClientId | null;
  startsAt: Date | null;
  endsAt: Date | null;
  reason: string | null;
  managedBy: string | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
};

export const RoleAssignmentsTable = new EntitySchema<RoleAssignmentRow>({
  name: 'role_assignments',
  tableName: 'role_assignments',
  columns: {
    id: { type: 'uuid', primary: true },
    roleId: { type: 'uuid', name: 'role_id' },
    userId: { type: 'uuid', name: 'user_id', nullable: true },
    groupId: { type: 'uuid', name: 'group_id', nullable: true },
    clientId: { type: 'text', name: 'client_id', nullable: true },
    startsAt: { type: 'timestamptz', name: 'starts_at', nullable: true },
    endsAt: { type: 'timestamptz', name: 'ends_at', nullable: true },
    reason: { type: 'text', nullable: true },
    managedBy: { type: 'text', name: 'managed_by', nullable: true },
    version: { type: 'integer' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
  },
});
