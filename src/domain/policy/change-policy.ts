import { isDeepStrictEqual } from 'node:util';
import { assertVersion, versionMismatch } from '../../kernel/assert-version.ts';
import { conflict, forbidden, invalid } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { onConstraint, type Tx } from '../../persistence/unit-of-work.ts';
import { assertAttributes } from './outstanding.ts';
import { getPolicy, type Policy } from './policy.ts';
import type { PolicyInput, PolicyPatch } from './policy-input.ts';
import { withIds } from './policy-names.ts';
import type { Rule } from './policy-rule.ts';

/** Of one organization, and of the deployment: beyond this many nobody knows any more what is decided. */
const MOST_POLICIES = 500;

/** Throws `policies.invalid`, conflict `policies.name_taken`, `policies.too_many`, forbidden `policies.beyond_organization`. */
export async function createPolicy(tx: Tx, input: PolicyInput & { readonly managedBy?: string }): Promise<Policy> {
  const id = newId<string>(tx.now.getTime());
  const { name, description = null, clientId = null, enabled, rules, managedBy = null } = input;
  const organizationId = input.organizationId ?? tx.actor.organizationId ?? null;
  if (tx.actor.organizationId !== undefined && clientId !== null) throw beyond();
  if (organizationId !== null) await assertOrganization(tx, organizationId);
  const kept = await keptRules(tx, rules, { organizationId, clientId });
  const rows = await tx
    .query<{ id: string }>(
      `INSERT INTO sign_in_policies (id, name, name_key, description, organization_id, client_id, enabled, rules, managed_by,
         created_at, updated_at)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $10
       WHERE (SELECT count(*) FROM sign_in_policies WHERE organization_id IS NOT DISTINCT FROM $5) < ${MOST_POLICIES}
       RETURNING id`,
      [
        ...[id, name, comparisonKey(name), description, organizationId, clientId, enabled, JSON.stringify(kept)],
        ...[managedBy, tx.now],
      ],
    )
    .catch(onNameTaken)
    .catch(onClientUnknown);
  if (rows.length === 0) throw conflict('policies.too_many', { detail: `there can be at most ${MOST_POLICIES}` });
  const { managedBy: _, ...said } = input;
  const changed = Object.fromEntries(Object.entries(said).map(([member, to]) => [member, { to }]));
  tx.record({ type: 'policies.created', target: { type: 'policy', id }, details: { changed } });
  tx.announce({ topic: 'policies', key: '*' });
  return getPolicy(tx, id);
}

const CHANGEABLE = ['name', 'description', 'enabled', 'rules'] as const;

type PolicyChange = {
  readonly id: string;
  readonly expectedVersion?: number | undefined;
  readonly patch: PolicyPatch;
};

/** RFC 7396 merge patch; rules are replaced whole. Throws as {@link createPolicy} does, not_found and precondition. */
export async function updatePolicy(tx: Tx, { id, expectedVersion, patch }: PolicyChange): Promise<Policy> {
  const before = await getPolicy(tx, id);
  assertVersion('policy', before.version, expectedVersion);
  const after = { ...before, ...patch };
  const names = CHANGEABLE.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  if (names.length === 0) return before;
  const { name, description, enabled, organizationId, clientId } = after;
  const kept = patch.rules && (await keptRules(tx, patch.rules, { organizationId, clientId }));
  const rows = await tx
    .query<{ id: string }>(
      `WITH changed AS (
         UPDATE sign_in_policies SET name = $3, name_key = $4, description = $5, enabled = $6, rules = coalesce($7::jsonb, rules),
           version = version + 1, updated_at = $8
         WHERE id = $1 AND version = $2 RETURNING id)
       SELECT id FROM changed`,
      [
        ...[id, before.version, name, comparisonKey(name), description, enabled],
        ...[kept === undefined ? null : JSON.stringify(kept), tx.now],
      ],
    )
    .catch(onNameTaken);
  if (rows.length === 0) throw versionMismatch('policy');
  const changed = Object.fromEntries(names.map((member) => [member, { from: before[member], to: after[member] }]));
  tx.record({ type: 'policies.updated', target: { type: 'policy', id }, details: { changed } });
  tx.announce({ topic: 'policies', key: '*' });
  return getPolicy(tx, id);
}

/** Throws not_found, precondition. */
export async function deletePolicy(
  tx: Tx,
  { id, expectedVersion }: { readonly id: string; readonly expectedVersion?: number | undefined },
): Promise<void> {
  const { name, version } = await getPolicy(tx, id);
  assertVersion('policy', version, expectedVersion);
  await tx.query('DELETE FROM sign_in_policies WHERE id = $1', [id]);
  tx.record({ type: 'policies.deleted', target: { type: 'policy', id }, details: { name } });
  tx.announce({ topic: 'policies', key: '*' });
}

async function assertOrganization(tx: Tx, organizationId: string): Promise<void> {
  if ((await tx.query('SELECT FROM organizations WHERE id = $1', [organizationId])).length === 0)
    throw refused('/organizationId', 'there is no such organization');
}

/** Roles and groups are the deployment's: an organization that could name them would learn who has them elsewhere. */
type Level = Pick<Policy, 'organizationId' | 'clientId'>;

async function keptRules(
  tx: Tx,
  rules: readonly Rule[],
  { organizationId, clientId }: Level,
): Promise<readonly Rule[]> {
  await assertAttributes(tx, rules);
  if (clientId !== null) assertNoPasswords(rules);
  if (organizationId === null) return withIds(tx, rules);
  const faults = rules.flatMap(({ when }, at) =>
    (['roles', 'groups', 'organizations'] as const)
      .filter((member) => when[member] !== undefined)
      .map((member) => ({
        pointer: `/rules/${at}/when/${member}`,
        code: 'not_of_organization',
        detail: 'rules of an organization do not ask for this',
      })),
  );
  if (faults.length > 0)
    throw invalid('policies.invalid', { detail: 'a rule asks for what is not of the organization', faults });
  return rules;
}

/** A password opens all applications: none of them says what it is to be. */
function assertNoPasswords(rules: readonly Rule[]): void {
  const faults = rules.flatMap((rule, at) =>
    rule.effect !== 'require'
      ? []
      : (['passwordMinimumLength', 'passwordRefusesNames'] as const)
          .filter((member) => rule.requirements[member] !== undefined)
          .map((member) => ({
            pointer: `/rules/${at}/requirements/${member}`,
            code: 'not_of_application',
            detail: 'rules of one application do not ask for this',
          })),
  );
  if (faults.length > 0)
    throw invalid('policies.invalid', { detail: 'a rule asks for what is not of one application', faults });
}

const refused = (pointer: string, detail: string) =>
  invalid('policies.invalid', { detail, faults: [{ pointer, code: 'unknown_reference', detail }] });

const beyond = () =>
  forbidden('policies.beyond_organization', {
    detail: 'Whoever acts for an organization makes policies of it; a rule can be for one application.',
  });

const onNameTaken = onConstraint('sign_in_policies_name_key', () =>
  conflict('policies.name_taken', {
    detail: 'another policy has this name',
    faults: [{ pointer: '/name', code: 'taken', detail: 'another policy has this name' }],
  }),
);
const onClientUnknown = onConstraint('sign_in_policies_client_id_fkey', () =>
  refused('/clientId', 'there is no such application'),
);
