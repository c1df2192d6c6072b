import { EntitySchema } from 'typeorm';

export type GroupRow = {
  id: string;
  displayName: string;
  displayNameKey: string;
  externalId: string | null;
  membershipRule: string | null;
  organizationId: string | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
};

export const GroupsTable = new EntitySchema<GroupRow>({
  name: 'groups',
  tableName: 'groups',
  columns: {
    id: { type: 'uuid', primary: true },
    displayName: { type: 'text', name: 'display_name' },
    displayNameKey: { type: 'text', name: 'display_name_key' },
    externalId: { type: 'text', name: 'external_id', nullable: true },
    membershipRule: { type: 'text', name: 'membership_rule', nullable: true },
    organizationId: { type: 'uuid', name: 'organization_id', nullable: true },
    version: { type: 'integer' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
  },
});
