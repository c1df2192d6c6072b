import { assertVersion } from '../../kernel/assert-version.ts';
import { conflict } from '../../kernel/errors.ts';
import { onConstraint, type Tx } from '../../persistence/unit-of-work.ts';
import { getOrganization } from './organization.ts';

/** What must be gone, or be elsewhere, before an organization can go: nothing of it may outlive it by accident. */
const REMAINING = ['organizations_parent_id_fkey', 'users_home_organization_id_fkey', 'groups_organization_id_fkey'];

/** Guests only lose their membership. Throws `not_found`, `precondition`, and `conflict('organizations.not_empty')`. */
export async function deleteOrganization(
  tx: Tx,
  { id, expectedVersion }: { readonly id: string; readonly expectedVersion?: number | undefined },
): Promise<void> {
  await getOrganization(tx, id);
  await tx.query('SELECT FROM organizations WHERE id = $1 FOR UPDATE', [id]);
  const organization = await getOrganization(tx, id);
  assertVersion('organization', organization.version, expectedVersion);
  const gone = [...REMAINING, 'clients_organization_id_fkey'].reduce(
    (attempt, name) => attempt.catch(onConstraint(name, notEmpty)),
    tx.query<{ id: string }>(
      'WITH gone AS (DELETE FROM organizations WHERE id = $1 RETURNING id) SELECT id FROM gone',
      [id],
    ),
  );
  if ((await gone).length === 0) throw notEmpty();
  tx.record({
    type: 'organizations.deleted',
    target: { type: 'organization', id },
    details: { name: organization.name },
  });
  tx.announce({ topic: 'access', key: '*' });
  tx.announce({ topic: 'brandings', key: '*' });
}

const notEmpty = () =>
  conflict('organizations.not_empty', {
    detail: 'The organization still has people it manages, teams, clients or organizations below it.',
  });
