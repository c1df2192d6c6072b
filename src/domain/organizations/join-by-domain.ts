import type { Tx } from '../../persistence/unit-of-work.ts';
import { domainOfAddress } from './domain-name.ts';
import { lapsedBefore } from './organization-domains.ts';
import { organizationsAbove } from './organizations-in-reach.ts';

/** Whether the domain still counts, and whether the organization and those above it are open, is judged here, at use. */
const JOIN = /* sql */ `
  WITH joined AS (
    INSERT INTO organization_members (organization_id, user_id, created_at)
    SELECT d.organization_id, $1, $3 FROM organization_domains d
    WHERE d.domain = $2 AND d.confirmed_at > $4
      AND NOT EXISTS (WITH RECURSIVE ${organizationsAbove('d.organization_id')}
        SELECT FROM organization_above WHERE status <> 'active')
    ON CONFLICT DO NOTHING RETURNING organization_id)
  SELECT organization_id AS "organizationId" FROM joined`;

/** Whoever has just proved an address of an organization's domain becomes its member: a guest, whose account stays their own. */
export async function joinByDomain(
  tx: Tx,
  { userId, address }: { readonly userId: string; readonly address: string },
): Promise<void> {
  const domain = domainOfAddress(address);
  if (domain === undefined) return;
  const joined = await tx.query<{ organizationId: string }>(JOIN, [userId, domain, tx.now, lapsedBefore(tx.now)]);
  for (const { organizationId } of joined) {
    const details = { userIds: [userId], domain };
    tx.record({ type: 'organization-members.added', target: { type: 'organization', id: organizationId }, details });
    tx.announce({ topic: 'access', key: `user:${userId}` });
  }
}
