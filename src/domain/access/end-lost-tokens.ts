import type { Change } from '../../persistence/change-feed.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';

/** Stored access tokens of these people, those for an organization apart (introspection judges them), whose scope holds a permission they do not have at this moment. */
const endLost = (people: string): string => /* sql */ `
  WITH RECURSIVE token AS MATERIALIZED (
    SELECT id, account_id, payload::jsonb ->> 'aud' AS aud, payload::jsonb ->> 'scope' AS scope FROM provider_records
    WHERE model = 'AccessToken' AND expires_at > $1 AND payload::jsonb #>> '{extra,org_id}' IS NULL AND ${people}
  ), asked (id, user_id, permission_id) AS (
    SELECT token.id, token.account_id, permissions.id
    FROM token JOIN resource_servers servers ON servers.identifier = token.aud
    CROSS JOIN LATERAL unnest(string_to_array(token.scope, ' ')) AS wanted (value)
    JOIN permissions ON permissions.resource_server_id = servers.id AND permissions.value = wanted.value
  ), person_group (user_id, group_id) AS (
    SELECT m.user_id, m.group_id FROM group_members m WHERE m.user_id IN (SELECT user_id FROM asked)
    UNION
    SELECT person_group.user_id, i.group_id
    FROM person_group JOIN group_inclusions i ON i.included_group_id = person_group.group_id
  ), person_role (user_id, role_id) AS (
    SELECT a.user_id, a.role_id FROM role_assignments a WHERE a.user_id IN (SELECT user_id FROM asked) AND ${inForce()}
    UNION
    SELECT g.user_id, a.role_id FROM person_group g JOIN role_assignments a ON a.group_id = g.group_id WHERE ${inForce()}
    UNION
    SELECT person_role.user_id, i.inherits_role_id
    FROM person_role JOIN role_inheritance i ON i.role_id = person_role.role_id
  ), lost AS (
    SELECT DISTINCT asked.id FROM asked WHERE NOT EXISTS (
      SELECT FROM person_role JOIN role_permissions held ON held.role_id = person_role.role_id
      WHERE person_role.user_id = asked.user_id AND held.permission_id = asked.permission_id)
  ), gone AS (
    DELETE FROM provider_records r USING lost WHERE r.id = lost.id AND r.model = 'AccessToken' RETURNING r.account_id
  )
  SELECT account_id AS "userId", count(*)::integer AS tokens FROM gone GROUP BY account_id ORDER BY account_id`;

function inForce(): string {
  return '(a.starts_at IS NULL OR a.starts_at <= $1) AND (a.ends_at IS NULL OR a.ends_at > $1)';
}

const OF_SOME = endLost('account_id = ANY($2::uuid[])');
const OF_EVERYONE = endLost('account_id IS NOT NULL');

/**
 * Runs at the end of every unit of work that announced a change of access (ADR 0045): whichever command took a permission from
 * someone, their opaque access tokens with it end in the same transaction. JWTs are refused at introspection and die by themselves.
 */
export async function endLostTokens(tx: Tx, changes: readonly Change[]): Promise<void> {
  const keys = new Set(changes.filter(({ topic }) => topic === 'access').map(({ key }) => key));
  const userIds = [...keys].filter((key) => key.startsWith('user:')).map((key) => key.slice('user:'.length));
  if (!keys.has('*') && userIds.length === 0) return;
  const rows = await (keys.has('*')
    ? tx.query<{ userId: string; tokens: number }>(OF_EVERYONE, [tx.now])
    : tx.query<{ userId: string; tokens: number }>(OF_SOME, [tx.now, userIds]));
  for (const { userId, tokens } of rows)
    tx.record({ type: 'access-tokens.ended', target: { type: 'user', id: userId }, details: { tokens } });
}
