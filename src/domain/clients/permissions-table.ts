import { EntitySchema } from 'typeorm';
import type { Permission } from './resource-server.ts';

export type PermissionRow = { -readonly [Name in keyof Permission]: Permission[Name] };

export const PermissionsTable = new EntitySchema<PermissionRow>({
  name: 'permissions',
  tableName: 'permissions',
  columns: {
    id: { type: 'uuid', primary: true },
    resourceServerId: { type: 'uuid', name: 'resource_server_id' },
    value: { type: 'text' },
    description: { type: 'text', nullable: true },
    version: { type: 'integer' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
  },
});
