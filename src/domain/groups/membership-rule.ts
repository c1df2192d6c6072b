import { conflict, DomainError, invalid } from '../../kernel/errors.ts';
import { advisoryLocks } from '../../persistence/advisory-lock.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import type { Attribute, ResourceShape } from '../directory-filter/attribute.ts';
import type { Columns } from '../directory-filter/columns.ts';
import { type Bind, compileFilter } from '../directory-filter/compile-filter.ts';
import { FilterMistake } from '../directory-filter/filter.ts';
import { parseFilter } from '../directory-filter/parse-filter.ts';
import { listUserAttributes, type UserAttribute } from '../user-attributes/user-attribute.ts';
import { CUSTOM } from '../users/custom-input.ts';
import { customColumns, userShapeFor } from '../users/custom-schema.ts';
import { ENTERPRISE } from '../users/enterprise-input.ts';
import { userColumns } from '../users/user-columns.ts';
import { userShape } from '../users/user-schema.ts';

/** What changes by itself, is never shown, or follows from groups: a rule about it could not be kept true. */
const NOT_IN_RULES = new Set(['active', 'password', 'groups', 'roles', 'schemas', 'meta']);
const isInRules = ({ name }: Attribute): boolean => !NOT_IN_RULES.has(name);
const extensionsInRules: ReadonlySet<string> = new Set([ENTERPRISE, CUSTOM]);

/** What rules may ask of people. */
export type RuleLanguage = { readonly shape: ResourceShape; readonly columns: Columns };

/** The language of rules as it is now: with what operators have defined, as far as administrators may read it. */
export const ruleLanguage = async (read: Reader): Promise<RuleLanguage> => languageWith(await listUserAttributes(read));

function languageWith(definitions: readonly UserAttribute[]): RuleLanguage {
  const all = userShapeFor(definitions, { reading: 'admin', writing: 'admin' });
  const extensions = all.extensions
    .filter(({ id }) => extensionsInRules.has(id))
    .map((one) => ({ ...one, attributes: one.attributes.filter(({ returned }) => returned !== 'never') }));
  const own = userShape.schema.attributes.filter(isInRules);
  const taken = new Set([...userShape.common, ...userShape.schema.attributes].map(({ name }) => name.toLowerCase()));
  const short = extensions.flatMap(({ id, attributes }) =>
    attributes.filter(({ name }) => isFree(name, taken)).map((attribute) => ({ id, attribute })),
  );
  return {
    shape: {
      ...userShape,
      common: userShape.common.filter(isInRules),
      schema: { ...userShape.schema, attributes: [...own, ...short.map(({ attribute }) => attribute)] },
      extensions,
    },
    columns: columnsForRules(customColumns(definitions, 'admin'), short),
  };
}

/** Attributes of extensions go by their short names as well, unless something before them is called so. */
function isFree(name: string, taken: Set<string>): boolean {
  const isTaken = taken.has(name.toLowerCase());
  taken.add(name.toLowerCase());
  return !isTaken;
}

type Short = { readonly id: string; readonly attribute: Attribute };

function columnsForRules(custom: Columns, short: readonly Short[]): Columns {
  // Nothing here depends on the moment: `active` is left out.
  const { active: _, emails, ...kept } = userColumns(new Date(0));
  const columns: Columns = { ...kept, ...custom };
  const byShortName = short.flatMap(({ id, attribute }) =>
    Object.entries(columns).flatMap(([name, column]) =>
      name === `${id}:${attribute.name}` || name.startsWith(`${id}:${attribute.name}.`)
        ? [[name.slice(id.length + 1), column] as const]
        : [],
    ),
  );
  if (emails?.kind !== 'many') throw new Error('e-mail addresses are many');
  // SECURITY-LESSONS 2: an address that nobody has proved gives nothing.
  const verified = { ...emails, some: (condition: string) => emails.some(`e.is_verified AND (${condition})`) };
  return { ...columns, ...Object.fromEntries(byShortName), emails: verified };
}

/** A rule as an SQL condition on `u`, the users table. Throws invalid `groups.membership_rule_invalid` with the place of the mistake. */
export function compileRule(rule: string, { shape, columns }: RuleLanguage, bind: Bind): string {
  try {
    return `(${compileFilter(parseFilter(rule, shape), columns, bind)}) IS TRUE`;
  } catch (error) {
    if (error instanceof FilterMistake) throw ruleInvalid(error.message);
    throw error;
  }
}

/** Throws invalid `groups.membership_rule_invalid` with the place of the mistake. */
export async function assertRuleIsValid(read: Reader, rule: string): Promise<void> {
  compileRule(rule, await ruleLanguage(read), () => '$1');
}

/** After operators have changed what people have. Throws conflict `groups.membership_rules_ask_for_it` with the groups. */
export async function assertRulesHold(tx: Tx): Promise<void> {
  const language = await ruleLanguage(tx);
  const groups = await tx.query<{ name: string; rule: string }>(
    'SELECT display_name AS name, membership_rule AS rule FROM groups WHERE membership_rule IS NOT NULL ORDER BY id',
  );
  const broken = groups.filter(({ rule }) => isBroken(rule, language)).map(({ name }) => name);
  if (broken.length > 0)
    throw conflict('groups.membership_rules_ask_for_it', {
      detail: `The rules of these groups ask for it; change them first: ${broken.slice(0, 10).join(', ')}`,
    });
}

function isBroken(rule: string, language: RuleLanguage): boolean {
  try {
    compileRule(rule, language, () => '$1');
    return false;
  } catch (error) {
    if (error instanceof DomainError) return true;
    throw error;
  }
}

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
