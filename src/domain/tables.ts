import type { EntitySchema } from 'typeorm';
import { RoleAssignmentsTable } from './access/role-assignments-table.ts';
import { RolesTable } from './access/roles-table.ts';
import { ClientSecretsTable } from './clients/client-secrets-table.ts';
import { ClientsTable } from './clients/clients-table.ts';
import { PermissionsTable } from './clients/permissions-table.ts';
import { ResourceServersTable } from './clients/resource-servers-table.ts';
import { PasswordCredentialsTable } from './credentials/password-credentials-table.ts';
import { GroupsTable } from './groups/groups-table.ts';
import { UserEmailsTable, UsersTable } from './users/users-table.ts';

/** Every table that is reached through TypeORM; the data source must know them all. */
export const tables = [
  ClientsTable,
  ClientSecretsTable,
  GroupsTable,
  PasswordCredentialsTable,
  PermissionsTable,
  ResourceServersTable,
  RoleAssignmentsTable,
  RolesTable,
  UserEmailsTable,
  UsersTable,
] as unknown as readonly EntitySchema<never>[];
