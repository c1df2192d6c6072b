/**
 * The policy room owns what a sign-in needs beyond its credentials: ordered rules of the deployment, of organizations and of
 * clients, and what they decide about one sign-in. It does not own factors (credentials) nor how they are asked for
 * (authentication); it says which are.
 */
import { notFound } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { namesOf, type Reference } from './policy-names.ts';
import type { Rule } from './policy-rule.ts';

export type Policy = {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** Of this organization and those below it. */
  readonly organizationId: string | null;
  readonly clientId: string | null;
  readonly enabled: boolean;
  /** With the names of now. */
  readonly rules: readonly Rule[];
  readonly managedBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

const COLUMNS = /* sql */ `
  id, name, description, organization_id AS "organizationId", client_id AS "clientId", enabled, rules, managed_by AS "managedBy",
  version, created_at AS "createdAt", updated_at AS "updatedAt"`;

/** They are few; all of them, by name. What is not among `references` stays named by its id. */
export async function listPolicies(read: Reader, references?: readonly Reference[]): Promise<readonly Policy[]> {
  const rows = await read.query<Policy>(`SELECT ${COLUMNS} FROM sign_in_policies ORDER BY name_key, id`);
  return named(read, rows, references);
}

/** Throws `not_found`, for a malformed id as well. */
export async function getPolicy(read: Reader, id: string): Promise<Policy> {
  const rows = isUuid(id)
    ? await read.query<Policy>(`SELECT ${COLUMNS} FROM sign_in_policies WHERE id = $1`, [id])
    : [];
  const [policy] = await named(read, rows);
  if (policy === undefined) throw notFound('policies.not_found', { detail: 'there is no such policy' });
  return policy;
}

async function named(
  read: Reader,
  policies: readonly Policy[],
  references?: readonly Reference[],
): Promise<readonly Policy[]> {
  const nameAll = await namesOf(
    read,
    policies.flatMap(({ rules }) => rules),
    references,
  );
  return policies.map((policy) => ({ ...policy, rules: nameAll(policy.rules) }));
}
