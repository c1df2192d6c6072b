import { EntitySchema } from 'typeorm';
import type { RoleId } from '../../kernel/ids.ts';

export type RoleRow = {
  id: RoleId;
  name: string;
  description: string | null;
  builtIn: boolean;
  managedBy: string | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
};

export const RolesTable = new EntitySchema<RoleRow>({
  name: 'roles',
  tableName: 'roles',
  columns: {
    id: { type: 'uuid', primary: true },
    name: { type: 'text' },
    description: { type: 'text', nullable: true },
    builtIn: { type: 'boolean', name: 'built_in' },
    managedBy: { type: 'text', name: 'managed_by', nullable: true },
    version: { type: 'integer' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
  },
});
