import type { Reader } from '../../persistence/unit-of-work.ts';

export type OwnedNoun =
  | 'organization'
  | 'branding'
  | 'user'
  | 'user attribute'
  | 'policy'
  | 'group'
  | 'client'
  | 'role'
  | 'resource server';

/** Something a file made, whether this file names it or not. */
export type OwnedThing = { readonly noun: OwnedNoun; readonly id: string; readonly key: string; readonly name: string };

const OWNED = /* sql */ `
  WITH RECURSIVE placed (id, depth) AS (
    SELECT id, 0 FROM organizations WHERE parent_id IS NULL
    UNION ALL
    SELECT o.id, depth + 1 FROM placed JOIN organizations o ON o.parent_id = placed.id
  ), owned (noun, id, key, name, depth) AS (
    SELECT 'user', id::text, user_name_key, user_name, 0 FROM users WHERE managed_by = $1
    UNION ALL SELECT 'user attribute', id::text, name_key, name, 0 FROM user_attributes WHERE managed_by = $1
    UNION ALL SELECT 'policy', p.id::text, concat_ws(E'\\n', o.name_key, p.name_key), p.name, 0
      FROM sign_in_policies p LEFT JOIN organizations o ON o.id = p.organization_id WHERE p.managed_by = $1
    UNION ALL SELECT 'branding', coalesce('organization:' || b.organization_id, 'client:' || b.client_id, 'deployment'),
        coalesce('organization:' || o.name_key, 'client:' || b.client_id, 'deployment'),
        coalesce('of organization ' || o.name, 'of client ' || b.client_id, 'of the deployment'), 0
      FROM brandings b LEFT JOIN organizations o ON o.id = b.organization_id WHERE b.managed_by = $1
    UNION ALL SELECT 'group', id::text, display_name_key, display_name, 0 FROM groups WHERE managed_by = $1
    UNION ALL SELECT 'client', client_id, client_id, client_id, 0 FROM clients WHERE managed_by = $1
    UNION ALL SELECT 'role', id::text, name, name, 0 FROM roles WHERE managed_by = $1
    UNION ALL SELECT 'resource server', id::text, identifier, identifier, 0 FROM resource_servers WHERE managed_by = $1
    UNION ALL SELECT 'organization', o.id::text, o.name_key, o.name, placed.depth
      FROM organizations o JOIN placed ON placed.id = o.id WHERE o.managed_by = $1
  )
  SELECT noun, id, key, name FROM owned ORDER BY noun, depth DESC, name`;

/** What is inside others comes before them. */
export const readOwnedThings = (read: Reader, managedBy: string): Promise<readonly OwnedThing[]> =>
  read.query<OwnedThing>(OWNED, [managedBy]);
