/** As an SQL condition: this client may be given one of these permissions now, of its own or by a role. */
export type ClientHolds = {
  /** An SQL expression for its `client_id`. The other members are constants of the calling code. */
  readonly client: string;
  readonly resource: string;
  readonly values: readonly string[];
};

export const clientHolds = ({ client, resource, values }: ClientHolds): string => /* sql */ `EXISTS (
  WITH RECURSIVE reached (role_id) AS (
    SELECT a.role_id FROM role_assignments a
    WHERE a.client_id = ${client} AND (a.starts_at IS NULL OR a.starts_at <= now()) AND (a.ends_at IS NULL OR a.ends_at > now())
    UNION
    SELECT i.inherits_role_id FROM reached JOIN role_inheritance i ON i.role_id = reached.role_id)
  SELECT FROM permissions p JOIN resource_servers servers ON servers.id = p.resource_server_id
  WHERE servers.identifier = '${resource}' AND p.value IN (${values.map((value) => `'${value}'`).join(', ')}) AND (
    EXISTS (SELECT FROM client_permissions own WHERE own.client_id = ${client} AND own.permission_id = p.id)
    OR EXISTS (SELECT FROM reached JOIN role_permissions given ON given.role_id = reached.role_id AND given.permission_id = p.id)))`;
