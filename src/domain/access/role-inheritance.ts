import { conflict, invalid } from '../../kernel/errors.ts';
import type { RoleId } from '../../kernel/ids.ts';
import { advisoryLocks } from '../../persistence/advisory-lock.ts';
import { onConstraint, type Tx } from '../../persistence/unit-of-work.ts';
import { roleNotFound } from './role.ts';

/** The way from a role back to itself, by names. The search keeps each role once, so it ends whatever the table holds. */
const CYCLE = /* sql */ `
  WITH RECURSIVE above (role_id) AS (
    SELECT $1::uuid
    UNION
    SELECT i.role_id FROM above JOIN role_inheritance i ON i.inherits_role_id = above.role_id
  ), walk (role_id, path) AS (
    SELECT inherits_role_id, ARRAY[role_id, inherits_role_id] FROM role_inheritance WHERE role_id = $1
    UNION ALL
    SELECT i.inherits_role_id, walk.path || i.inherits_role_id
    FROM walk JOIN role_inheritance i ON i.role_id = walk.role_id
    WHERE walk.role_id <> $1 AND (i.inherits_role_id = $1 OR i.inherits_role_id <> ALL (walk.path))
      AND i.inherits_role_id IN (SELECT role_id FROM above)
  )
  SELECT ARRAY(SELECT roles.name FROM unnest(found.path) WITH ORDINALITY AS step (id, place)
    JOIN roles ON roles.id = step.id ORDER BY step.place) AS names
  FROM (SELECT path FROM walk WHERE role_id = $1 LIMIT 1) found`;

/** Throws invalid `roles.unknown` with a pointer to each name that no role has. */
export async function resolveRoles(tx: Tx, names: readonly string[]): Promise<ReadonlyMap<string, RoleId>> {
  if (names.length === 0) return new Map();
  const rows = await tx.query<{ id: RoleId; name: string }>('SELECT id, name FROM roles WHERE name = ANY($1::text[])', [
    names,
  ]);
  const ids = new Map(rows.map(({ id, name }) => [name, id]));
  const faults = names.flatMap((name, index) =>
    ids.has(name) ? [] : [{ pointer: `/inherits/${index}`, code: 'unknown_role', detail: `there is no role ${name}` }],
  );
  if (faults.length > 0) throw invalid('roles.unknown', { detail: 'a role does not exist; create it first', faults });
  return ids;
}

/**
 * Makes `roleId` inherit exactly these roles. One writer at a time: two parallel changes could close a cycle that neither
 * sees. Throws conflict `roles.inheritance_cycle`, which names the way around.
 */
export async function replaceInheritance(tx: Tx, roleId: RoleId, inherits: readonly RoleId[]): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [advisoryLocks.roleInheritance]);
  await tx.query('DELETE FROM role_inheritance WHERE role_id = $1 AND inherits_role_id <> ALL ($2::uuid[])', [
    roleId,
    inherits,
  ]);
  if (inherits.length === 0) return;
  await tx
    .query(
      `INSERT INTO role_inheritance (role_id, inherits_role_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING`,
      [roleId, inherits],
    )
    .catch(onConstraint('role_inheritance_not_itself', () => cycle(['this role', 'this role'])))
    .catch(onConstraint('role_inheritance_inherits_role_id_fkey', roleNotFound));
  const [found] = await tx.query<{ names: readonly string[] }>(CYCLE, [roleId]);
  if (found !== undefined) throw cycle(found.names);
}

const cycle = (names: readonly string[]) => {
  const detail = `a role may not inherit itself: ${names.join(' → ')}`;
  return conflict('roles.inheritance_cycle', {
    detail,
    faults: [{ pointer: '/inherits', code: 'inheritance_cycle', detail }],
  });
};
