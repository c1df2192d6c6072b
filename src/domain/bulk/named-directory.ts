import { comparisonKey } from '../../kernel/text.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';

export type Named = {
  readonly userNames: readonly string[];
  readonly groupNames: readonly string[];
  readonly roleNames?: readonly string[];
  readonly clientIds?: readonly string[];
};

/** Ids by what rows call people, groups, roles and clients. Teams of organizations are not found by name. */
export type Directory = {
  readonly userId: (userName: string) => string | undefined;
  readonly groupId: (displayName: string) => string | undefined;
  readonly roleId: (name: string) => string | undefined;
  readonly clientId: (clientId: string) => string | undefined;
};

const FIND = /* sql */ `
  SELECT 'user' AS kind, user_name_key AS name, id::text FROM users WHERE user_name_key = ANY ($1::text[])
  UNION ALL
  SELECT 'group', display_name_key, id::text FROM groups WHERE display_name_key = ANY ($2::text[]) AND organization_id IS NULL
  UNION ALL
  SELECT 'role', name, id::text FROM roles WHERE name = ANY ($3::text[])
  UNION ALL
  SELECT 'client', client_id, client_id FROM clients WHERE client_id = ANY ($4::text[])`;

/** All that the rows of one batch name, in one statement. */
export async function findNamed(read: Reader, named: Named): Promise<Directory> {
  const { userNames, groupNames, roleNames = [], clientIds = [] } = named;
  const rows = await read.query<{ kind: string; name: string; id: string }>(FIND, [
    userNames.map(comparisonKey),
    groupNames.map(comparisonKey),
    roleNames,
    clientIds,
  ]);
  const ids = new Map(rows.map(({ kind, name, id }) => [`${kind} ${name}`, id]));
  return {
    userId: (userName) => ids.get(`user ${comparisonKey(userName)}`),
    groupId: (displayName) => ids.get(`group ${comparisonKey(displayName)}`),
    roleId: (name) => ids.get(`role ${name}`),
    clientId: (clientId) => ids.get(`client ${clientId}`),
  };
}
