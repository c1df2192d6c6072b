import { conflict, type DomainError, invalid } from '../../kernel/errors.ts';
import { advisoryLocks } from '../../persistence/advisory-lock.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import type { Attribute, ResourceShape } from '../directory-filter/attribute.ts';
import type { Columns } from '../directory-filter/columns.ts';
import { type Bind, compileFilter } from '../directory-filter/compile-filter.ts';
import { FilterMistake } from '../directory-filter/filter.ts';
import { parseFilter } from '../directory-filter/parse-filter.ts';
import { ENTERPRISE } from '../users/enterprise-input.ts';
import { userColumns } from '../users/user-columns.ts';
import { userShape } from '../users/user-schema.ts';

/** What changes by itself, is never shown, or follows from groups: a rule about it could not be kept true. */
const NOT_IN_RULES = new Set(['active', 'password', 'groups', 'roles', 'schemas', 'meta']);
const isInRules = ({ name }: Attribute): boolean => !NOT_IN_RULES.has(name);
const enterprise = userShape.extensions.filter(({ id }) => id === ENTERPRISE);

/** People as rules see them: enterprise attributes go by their short names as well. */
const ruleShape: ResourceShape = {
  ...userShape,
  common: userShape.common.filter(isInRules),
  schema: {
    ...userShape.schema,
    attributes: [
      ...userShape.schema.attributes.filter(isInRules),
      ...enterprise.flatMap(({ attributes }) => attributes),
    ],
  },
  extensions: enterprise,
};

const ruleColumns: Columns = columnsForRules();

function columnsForRules(): Columns {
  // Nothing here depends on the moment: `active` is left out.
  const { active: _, emails, ...columns } = userColumns(new Date(0));
  const short = Object.entries(columns).flatMap(([name, column]) =>
    name.startsWith(`${ENTERPRISE}:`) ? [[name.slice(ENTERPRISE.length + 1), column] as const] : [],
  );
  if (emails?.kind !== 'many') throw new Error('e-mail addresses are many');
  // SECURITY-LESSONS 2: an address that nobody has proved gives nothing.
  const verified = { ...emails, some: (condition: string) => emails.some(`e.is_verified AND (${condition})`) };
  return { ...columns, ...Object.fromEntries(short), emails: verified };
}

/** A rule as an SQL condition on `u`, the users table. Throws invalid `groups.membership_rule_invalid` with the place of the mistake. */
export function compileRule(rule: string, bind: Bind): string {
  try {
    return `(${compileFilter(parseFilter(rule, ruleShape), ruleColumns, bind)}) IS TRUE`;
  } catch (error) {
    if (error instanceof FilterMistake) throw ruleInvalid(error.message);
    throw error;
  }
}

export const assertRuleIsValid = (rule: string): void => void compileRule(rule, () => '$1');

const ruleInvalid = (detail: string): DomainError =>
  invalid('groups.membership_rule_invalid', {
    detail,
    faults: [{ pointer: '/membershipRule', code: 'membership_rule', detail }],
  });

export const membersFollowRule = (): DomainError =>
  conflict('groups.members_follow_rule', {
    detail: 'The members of this group follow its membershipRule. Change the rule, or remove it first.',
  });

/**
 * Whoever changes a rule goes alone; those who change people or members by hand go side by side. Without this a person and a rule
 * that change at the same time would not see each other.
 */
export async function lockRules(tx: Tx, mode: 'rule' | 'people'): Promise<void> {
  const lock = mode === 'rule' ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared';
  await tx.query(`SELECT ${lock}($1)`, [advisoryLocks.membershipRules]);
}
