/**
 * Recursive parts of statements that follow groups inside groups. UNION keeps each group once, so they end whatever the table holds.
 * `person` and `group` are placeholders of the statement.
 */
const upwards = (name: string, first: string): string => /* sql */ `
  ${name} (group_id) AS (
    ${first}
    UNION
    SELECT inclusion.group_id FROM ${name} JOIN group_inclusions inclusion ON inclusion.included_group_id = ${name}.group_id
  )`;

const JOINED = 'SELECT group_id FROM group_members WHERE user_id =';

export const groupsOfPerson = (person: string): string => upwards('member_of', `${JOINED} ${person}`);

/** Those and the groups that they look after: whoever could sign in as them could join these. */
export const groupsWithinReach = (person: string): string =>
  upwards('member_of', `(${JOINED} ${person} UNION SELECT group_id FROM group_owners WHERE user_id = ${person})`);

/** The group itself, and every group whose roles its members have too. */
export const groupsAbove = (group: string): string => upwards('above', `SELECT ${group}::uuid`);

/** From `roots`, a query of group ids: these groups and every group inside them. */
export const groupsBelow = (roots: string): string => /* sql */ `
  below (group_id) AS (
    ${roots}
    UNION
    SELECT inclusion.included_group_id FROM below JOIN group_inclusions inclusion ON inclusion.group_id = below.group_id
  )`;
