import { assertVersion } from '../../kernel/assert-version.ts';
import { forbidden } from '../../kernel/errors.ts';
import type { OrganizationId } from '../../kernel/ids.ts';
import { comparisonKey } from '../../kernel/text.ts';
import { advisoryLocks } from '../../persistence/advisory-lock.ts';
import { onConstraint, type Tx } from '../../persistence/unit-of-work.ts';
import {
  getOrganization,
  type Organization,
  type OrganizationStatus,
  onNameTaken,
  parentCircle,
  parentUnknown,
} from './organization.ts';
import type { OrganizationPatch } from './organization-input.ts';
import { organizationsBelow } from './organizations-in-reach.ts';

export type OrganizationChange = {
  readonly id: string;
  readonly expectedVersion?: number | undefined;
  readonly patch: OrganizationPatch;
};

const ABOVE = /* sql */ `
  WITH RECURSIVE above (id) AS (
    SELECT $1::uuid
    UNION
    SELECT o.parent_id FROM above JOIN organizations o ON o.id = above.id WHERE o.parent_id IS NOT NULL
  )
  SELECT id FROM above`;

/**
 * RFC 7396 merge patch. Throws `not_found`, `precondition('request.version_mismatch')`, `conflict('organizations.name_taken')`,
 * `invalid('organizations.parent_invalid')`, `forbidden('organizations.own')` (nobody moves or suspends the one they act for), and
 * `forbidden('organizations.suspended_above')`.
 */
export async function updateOrganization(
  tx: Tx,
  { id, expectedVersion, patch }: OrganizationChange,
): Promise<Organization> {
  await getOrganization(tx, id);
  // Two that move at once could close a circle that neither sees.
  if (patch.parentId !== undefined)
    await tx.query('SELECT pg_advisory_xact_lock($1)', [advisoryLocks.organizationTree]);
  await tx.query('SELECT FROM organizations WHERE id = $1 FOR NO KEY UPDATE', [id]);
  const before = await getOrganization(tx, id);
  assertVersion('organization', before.version, expectedVersion);
  const next = { ...before, ...patch, suspendedFor: await suspensionAfter(tx, before, patch.status) };
  const changed = changesOf(before, next);
  if (Object.keys(changed).length === 0) return before;
  if (tx.actor.organizationId === id && ('parentId' in changed || 'status' in changed)) throw ownOrganization();
  if (changed.parentId !== undefined) await assertParent(tx, next);
  const after = { ...next, version: before.version + 1, updatedAt: tx.now };
  await tx
    .query(
      `UPDATE organizations SET name = $2, name_key = $3, display_name = $4, parent_id = $5, status = $6,
         suspended_for = $7, version = $8, updated_at = $9 WHERE id = $1`,
      [
        id,
        after.name,
        comparisonKey(after.name),
        after.displayName,
        after.parentId,
        after.status,
        after.suspendedFor,
        after.version,
        tx.now,
      ],
    )
    .catch(onNameTaken)
    .catch(onConstraint('organizations_parent_id_fkey', parentUnknown))
    .catch(onConstraint('organizations_not_itself', parentCircle));
  // What clients of it and of those below may do hangs on both.
  if ('status' in changed || 'parentId' in changed) tx.announce({ topic: 'access', key: '*' });
  if ('parentId' in changed) tx.announce({ topic: 'brandings', key: '*' });
  tx.record({ type: 'organizations.updated', target: { type: 'organization', id }, details: { changed } });
  return after;
}

async function assertParent(tx: Tx, { id, parentId }: Pick<Organization, 'id' | 'parentId'>): Promise<void> {
  if (parentId === null) {
    if (tx.actor.organizationId !== undefined) throw ownOrganization();
    return;
  }
  if ((await tx.query('SELECT FROM organizations WHERE id = $1', [parentId])).length === 0) throw parentUnknown();
  const above = await tx.whole.query<{ id: string }>(ABOVE, [parentId]);
  if (above.some((one) => one.id === id)) throw parentCircle();
}

/**
 * Who suspended it, or those above them, open it again: for the administrators of an organization a suspension from outside stays as it
 * is, whatever they suspended before.
 */
async function suspensionAfter(
  tx: Tx,
  { status: before, suspendedFor }: Organization,
  status: OrganizationStatus | undefined,
): Promise<OrganizationId | null> {
  if (status === undefined) return suspendedFor;
  const acting = (tx.actor.organizationId ?? null) as OrganizationId | null;
  const isTheirs = async (): Promise<boolean> =>
    acting === null || (suspendedFor !== null && (await organizationsBelow(tx, acting)).has(suspendedFor));
  if (before === 'suspended' && !(await isTheirs())) {
    if (status === 'active') throw suspendedAbove();
    return suspendedFor;
  }
  return status === 'suspended' ? acting : null;
}

const CHANGEABLE = ['name', 'displayName', 'parentId', 'status', 'suspendedFor'] as const;
type Changes = Partial<Record<(typeof CHANGEABLE)[number], { from: unknown; to: unknown }>>;

function changesOf(before: Organization, after: Organization): Changes {
  const changes: Changes = {};
  for (const name of CHANGEABLE)
    if (before[name] !== after[name]) changes[name] = { from: before[name], to: after[name] };
  return changes;
}

const suspendedAbove = () =>
  forbidden('organizations.suspended_above', {
    detail: 'The organization was suspended by somebody who administers more than you: only they can open it again.',
  });

const ownOrganization = () =>
  forbidden('organizations.own', {
    detail: 'Nobody moves, suspends or deletes the organization they act for, nor takes one out from below it.',
  });
