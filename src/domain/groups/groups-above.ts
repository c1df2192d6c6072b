/**
 * Recursive parts of statements that follow groups inside groups. UNION keeps each group once, so they end whatever the table holds.
 * `person` and `group` are placeholders of the statement.
 */
export const groupsOfPerson = (person: string): string => /* sql */ `
  member_of (group_id) AS (
    SELECT group_id FROM group_members WHERE user_id = ${person}
    UNION
    SELECT inclusion.group_id
    FROM member_of JOIN group_inclusions inclusion ON inclusion.included_group_id = member_of.group_id
  )`;

/** The groups that somebody looks after, and what those are in: whoever could sign in as them could join these. */
export const groupsOwnedBy = (person: string): string => /* sql */ `
  looked_after (group_id) AS (
    SELECT group_id FROM group_owners WHERE user_id = ${person}
    UNION
    SELECT inclusion.group_id
    FROM looked_after JOIN group_inclusions inclusion ON inclusion.included_group_id = looked_after.group_id
  )`;

/** The group itself, and every group whose roles its members have too. */
export const groupsAbove = (group: string): string => /* sql */ `
  above (group_id) AS (
    SELECT ${group}::uuid
    UNION
    SELECT inclusion.group_id FROM above JOIN group_inclusions inclusion ON inclusion.included_group_id = above.group_id
  )`;

/** From `roots`, a query of group ids: these groups and every group inside them. */
export const groupsBelow = (roots: string): string => /* sql */ `
  below (group_id) AS (
    ${roots}
    UNION
    SELECT inclusion.included_group_id FROM below JOIN group_inclusions inclusion ON inclusion.group_id = below.group_id
  )`;
