import type { EntitySchema } from 'typeorm';
import { RoleAssignmentsTable } from './access/role-assignments-table.ts';
import { RolesTable } from './access/roles-table.ts';
import { ClientSecretsTable } from './clients/client-secrets-table.ts';
import { ClientsTable } from './clients/clients-table.ts';
import { PasswordCredentialsTable } from './credentials/password-credentials-table.ts';
import { GroupsTable } from './groups/groups-table.ts';
import { UsersTable } from './users/users-table.ts';

/** Every table that is reached through TypeORM; the data source must know them all. */
export const tables = [
  ClientsTable,
  ClientSecretsTable,
  GroupsTable,
  PasswordCredentialsTable,
  RoleAssignmentsTable,
  RolesTable,
  UsersTable,
] as unknown as readonly EntitySchema<never>[];
