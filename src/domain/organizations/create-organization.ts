import { newId, type OrganizationId } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { onConstraint, type Tx } from '../../persistence/unit-of-work.ts';
import { type Organization, onNameTaken, parentUnknown } from './organization.ts';
import type { OrganizationInput } from './organization-input.ts';

/**
 * Whoever acts for an organization makes others below it only. Throws `conflict('organizations.name_taken')` and
 * `invalid('organizations.parent_invalid')`.
 */
export async function createOrganization(tx: Tx, input: OrganizationInput): Promise<Organization> {
  const acting = tx.actor.organizationId as OrganizationId | undefined;
  const organization: Organization = {
    id: newId<OrganizationId>(tx.now.getTime()),
    name: input.name,
    displayName: input.displayName ?? null,
    parentId: input.parentId ?? acting ?? null,
    status: input.status ?? 'active',
    suspendedFor: input.status === 'suspended' ? (acting ?? null) : null,
    version: 1,
    createdAt: tx.now,
    updatedAt: tx.now,
  };
  const { id, name, displayName, parentId, status } = organization;
  if (parentId !== null && (await tx.query('SELECT FROM organizations WHERE id = $1', [parentId])).length === 0)
    throw parentUnknown();
  await tx
    .query(
      `INSERT INTO organizations (id, name, name_key, display_name, parent_id, status, suspended_for, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
      [id, name, comparisonKey(name), displayName, parentId, status, organization.suspendedFor, tx.now],
    )
    .catch(onNameTaken)
    .catch(onConstraint('organizations_parent_id_fkey', parentUnknown));
  const changed = Object.entries({ name, displayName, parentId, status }).filter(([, to]) => to !== null);
  tx.record({
    type: 'organizations.created',
    target: { type: 'organization', id },
    details: { changed: Object.fromEntries(changed.map(([key, to]) => [key, { to }])) },
  });
  // It looks like the one it is in.
  if (parentId !== null) tx.announce({ topic: 'brandings', key: '*' });
  return organization;
}
