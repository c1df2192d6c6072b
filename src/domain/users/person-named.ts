/**
 * An expression: the id of whom a name means, as {@link comparisonKey} writes it. The user name decides; a verified e-mail address that
 * belongs to exactly one person may stand for it: one that nobody has proved to hold, or that two people have, means nobody
 * (SECURITY-LESSONS 2). `name` is a placeholder of the statement.
 */
export const personNamed = (name: string): string => /* sql */ `coalesce(
  (SELECT id FROM users WHERE user_name_key = ${name}::text),
  (SELECT min(user_id::text)::uuid FROM user_emails WHERE value_key = ${name}::text AND is_verified HAVING count(*) = 1))`;
