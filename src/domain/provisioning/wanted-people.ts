import { personInForce } from '../users/standing.ts';

export type WantedScope = {
  /** Parameter with the moment. */
  readonly at: string;
  /** Parameters with lists of ids; everyone, and every target, when left out. */
  readonly users?: string;
  readonly targets?: string;
};

const IN_FORCE = (at: string): string =>
  `(a.starts_at IS NULL OR a.starts_at <= ${at}) AND (a.ends_at IS NULL OR a.ends_at > ${at})`;

/**
 * Recursive parts of a statement that end in `wanted (target_id, user_id)`: who is to have an account where. They hold the
 * group, directly or by groups inside it, or the role, by whatever way, and are let in at the moment.
 */
export function wantedPeople({ at, users, targets }: WantedScope): string {
  const onlyTargets = targets === undefined ? '' : `AND t.id = ANY(${targets}::uuid[])`;
  const onlyUsers = (column: string): string => (users === undefined ? '' : `AND ${column} = ANY(${users}::uuid[])`);
  return /* sql */ `
    target_role (target_id, role_id) AS (
      SELECT t.id, t.role_id FROM provisioning_targets t WHERE t.role_id IS NOT NULL ${onlyTargets}
      UNION
      SELECT r.target_id, i.role_id FROM target_role r JOIN role_inheritance i ON i.inherits_role_id = r.role_id
    ), target_group (target_id, group_id) AS (
      (SELECT t.id, t.group_id FROM provisioning_targets t WHERE t.group_id IS NOT NULL ${onlyTargets}
       UNION
       SELECT r.target_id, a.group_id FROM target_role r JOIN role_assignments a ON a.role_id = r.role_id
       WHERE a.group_id IS NOT NULL AND ${IN_FORCE(at)})
      UNION
      SELECT g.target_id, i.included_group_id FROM target_group g JOIN group_inclusions i ON i.group_id = g.group_id
    ), holder (target_id, user_id) AS (
      SELECT g.target_id, m.user_id FROM target_group g JOIN group_members m ON m.group_id = g.group_id
      WHERE true ${onlyUsers('m.user_id')}
      UNION
      SELECT r.target_id, a.user_id FROM target_role r JOIN role_assignments a ON a.role_id = r.role_id
      WHERE a.user_id IS NOT NULL AND ${IN_FORCE(at)} ${onlyUsers('a.user_id')}
    ), wanted (target_id, user_id) AS (
      SELECT holder.target_id, holder.user_id FROM holder JOIN users ON users.id = holder.user_id
      WHERE ${personInForce(at)}
    )`;
}
