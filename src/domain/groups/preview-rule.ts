import type { Reader } from '../../persistence/unit-of-work.ts';
import { getGroup } from './find-group.ts';
import { compileRule, type RuleLanguage, ruleLanguage } from './membership-rule.ts';

const MOST_NAMED = 100;

export type NamedPeople = {
  readonly count: number;
  /** The first of them by id. */
  readonly people: readonly { readonly value: string; readonly display: string }[];
};

/** Who would join and leave a group with this rule. Throws `not_found`, and invalid `groups.membership_rule_invalid`. */
export async function previewRule(
  read: Reader,
  { groupId, rule }: { readonly groupId: string; readonly rule: string },
): Promise<{ readonly joining: NamedPeople; readonly leaving: NamedPeople }> {
  const { id } = await getGroup(read, groupId);
  const language = await ruleLanguage(read);
  const among = (condition: Condition) => namedPeople(read, { groupId: id, rule, language }, condition);
  return {
    joining: await among((meets, isMember) => `${meets} AND NOT ${isMember}`),
    leaving: await among((meets, isMember) => `${isMember} AND NOT (${meets})`),
  };
}

type Previewed = { readonly groupId: string; readonly rule: string; readonly language: RuleLanguage };
type Condition = (rule: string, isMember: string) => string;

async function namedPeople(
  read: Reader,
  { groupId, rule, language }: Previewed,
  condition: Condition,
): Promise<NamedPeople> {
  const parameters: unknown[] = [groupId];
  const meets = compileRule(rule, language, (value) => `$${parameters.push(value)}`);
  const isMember = 'EXISTS (SELECT FROM group_members m WHERE m.group_id = $1 AND m.user_id = u.id)';
  const [row] = await read.query<NamedPeople>(
    `WITH moving AS (SELECT u.id, coalesce(u.display_name, u.user_name) AS display FROM users u WHERE ${condition(meets, isMember)})
     SELECT (SELECT count(*)::integer FROM moving) AS count,
       (SELECT coalesce(json_agg(json_build_object('value', id, 'display', display)), '[]')
        FROM (SELECT * FROM moving ORDER BY id LIMIT ${MOST_NAMED}) first) AS people`,
    parameters,
  );
  return row ?? { count: 0, people: [] };
}
