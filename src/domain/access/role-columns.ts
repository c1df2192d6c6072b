import { type Columns, text } from '../directory-filter/columns.ts';

/** The roles a person has at a moment, by whatever way, to ask for: what `rolesInForce` shows. `u` is the users table. */
export function roleColumns(at: Date): Columns {
  // The moment is ours, not a caller's: it may stand in the text.
  const moment = `timestamptz '${at.toISOString()}'`;
  const inForce = `(a.starts_at IS NULL OR a.starts_at <= ${moment}) AND (a.ends_at IS NULL OR a.ends_at > ${moment})`;
  return {
    roles: {
      kind: 'many',
      some: (condition) => /* sql */ `u.id IN (
        WITH RECURSIVE giving_role (id) AS (
          SELECT r.id FROM roles r WHERE ${condition}
          UNION
          SELECT i.role_id FROM giving_role g JOIN role_inheritance i ON i.inherits_role_id = g.id
        ), giving_group (id) AS (
          SELECT a.group_id FROM giving_role g JOIN role_assignments a ON a.role_id = g.id
          WHERE a.group_id IS NOT NULL AND ${inForce}
          UNION
          SELECT i.included_group_id FROM giving_group g JOIN group_inclusions i ON i.group_id = g.id
        )
        SELECT a.user_id FROM giving_role g JOIN role_assignments a ON a.role_id = g.id
        WHERE a.user_id IS NOT NULL AND ${inForce}
        UNION ALL
        SELECT m.user_id FROM giving_group g JOIN group_members m ON m.group_id = g.id)`,
      values: { value: text('r.name') },
    },
  };
}
