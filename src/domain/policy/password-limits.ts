import type { Clock } from '../../kernel/clock.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { createAccessLookup } from '../access/access-lookup.ts';
import { ACCOUNT_CLIENT_ID } from '../clients/account-client.ts';
import { type BreachedPasswords, NO_BREACHED_PASSWORDS } from '../credentials/breached-passwords.ts';
import { LEAST_RULES, type PasswordRulesFor } from '../credentials/password-rules.ts';
import type { CompiledPolicy } from './compile-policy.ts';
import type { DecideParts } from './decide-sign-in.ts';
import { evaluatePolicies } from './evaluate-policies.ts';
import { findFacts, findOrganizations } from './find-facts.ts';
import { loadPolicies } from './policy-lookup.ts';

const asksOfPasswords = ({ rules }: CompiledPolicy): boolean =>
  rules.some(
    (rule) =>
      rule.effect === 'require' &&
      (rule.requirements.passwordMinimumLength ?? rule.requirements.passwordRefusesNames) !== undefined,
  );

/** What the policies ask of a new password, as they would of a sign-in at the account pages from nowhere in particular. */
export function createPasswordRulesFor(parts: DecideParts, breached: BreachedPasswords): PasswordRulesFor {
  const least = { ...LEAST_RULES, breached };
  return async ({ userId, organizationId }) => {
    const policies = (await parts.policies.all()).filter(asksOfPasswords);
    if (policies.length === 0) return least;
    const whom = { userId, clientId: ACCOUNT_CLIENT_ID, organizationId: organizationId ?? undefined };
    const { risk: _, ...facts } = await findFacts(parts, whom, policies);
    const { verdict } = evaluatePolicies(policies, { ...facts, risk: undefined });
    const { passwordMinimumLength = LEAST_RULES.minimumLength, passwordRefusesNames } = verdict;
    return {
      ...least,
      minimumLength: passwordMinimumLength,
      refusedNames: passwordRefusesNames && (await organizationNames(parts, whom)),
    };
  };
}

const NO_FEED = { subscribe: () => () => undefined, isLive: false };

/** For who asks once and keeps nothing in memory: a command, a file that is applied. */
export const passwordRulesOf = (
  read: Reader,
  clock: Clock,
  breached: BreachedPasswords = NO_BREACHED_PASSWORDS,
): PasswordRulesFor =>
  createPasswordRulesFor(
    {
      ...{ read, clock },
      access: createAccessLookup({ read, changes: NO_FEED }),
      policies: { all: () => loadPolicies(read) },
    },
    breached,
  );

async function organizationNames({ read }: DecideParts, whom: Parameters<typeof findOrganizations>[1]) {
  const rows = await read.query<{ name: string }>('SELECT name FROM organizations WHERE id = ANY ($1::uuid[])', [
    await findOrganizations(read, whom),
  ]);
  return rows.map(({ name }) => name);
}
