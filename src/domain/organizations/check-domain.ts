import { conflict } from '../../kernel/errors.ts';
import { onConstraint, type Reader, type Tx } from '../../persistence/unit-of-work.ts';
import { type DomainOf, getOrganizationDomain, lapsedBefore, type OrganizationDomain } from './organization-domains.ts';

/** What a name server said of a TXT record: its values, or why there are none. */
export type TxtAnswer =
  | { readonly kind: 'answered'; readonly values: readonly string[] }
  | { readonly kind: 'no_record' | 'no_answer' };

/** Asks outside any transaction; never throws. */
export type LookUpTxt = (name: string) => Promise<TxtAnswer>;

function faultIn({ challenge }: OrganizationDomain, answer: TxtAnswer): OrganizationDomain['fault'] {
  if (answer.kind !== 'answered') return answer.kind;
  return answer.values.includes(challenge) ? null : 'wrong_record';
}

/**
 * Keeps what was found. A domain is of one organization: of another that could not confirm it for days it is taken.
 * Throws `not_found`, and `conflict('organizations.domain_claimed')` while it is another's.
 */
export async function keepDomainCheck(
  tx: Tx,
  { answer, ...which }: DomainOf & { readonly answer: TxtAnswer },
): Promise<OrganizationDomain> {
  const before = await getOrganizationDomain(tx, which);
  const { id, organizationId, domain } = before;
  const fault = faultIn(before, answer);
  const target = { type: 'organization', id: organizationId } as const;
  const details = { domainId: id, domain };
  if (fault === null) await takeOver(tx, before);
  await tx
    .query(
      `UPDATE organization_domains SET checked_at = $2, fault = $3,
         confirmed_at = CASE WHEN $3::text IS NULL THEN $2 ELSE confirmed_at END WHERE id = $1`,
      [id, tx.now, fault],
    )
    .catch(onConstraint('organization_domains_claimed', domainClaimed));
  if (fault !== null)
    tx.record({ type: 'organization-domains.checked', outcome: 'refused', reason: fault, target, details });
  else if (before.confirmedAt === null) tx.record({ type: 'organization-domains.verified', target, details });
  else tx.record({ type: 'organization-domains.checked', target, details });
  return getOrganizationDomain(tx, which);
}

async function takeOver(tx: Tx, { id, domain }: OrganizationDomain): Promise<void> {
  const lost = await tx.whole.query<{ id: string; organizationId: string }>(
    `WITH lost AS (
       UPDATE organization_domains SET confirmed_at = NULL WHERE domain = $1 AND id <> $2 AND confirmed_at <= $3
       RETURNING id, organization_id)
     SELECT id, organization_id AS "organizationId" FROM lost`,
    [domain, id, lapsedBefore(tx.now)],
  );
  for (const other of lost)
    tx.record({
      type: 'organization-domains.lost',
      target: { type: 'organization', id: other.organizationId },
      details: { domainId: other.id, domain },
    });
}

/** Confirmed ones that nobody has looked at since; those that wait longest first. */
export const findDomainsToCheck = (
  read: Reader,
  { checkedUntil, limit }: { readonly checkedUntil: Date; readonly limit: number },
): Promise<readonly Pick<OrganizationDomain, 'id' | 'organizationId' | 'domain'>[]> =>
  read.query(
    `SELECT id, organization_id AS "organizationId", domain FROM organization_domains
     WHERE confirmed_at IS NOT NULL AND checked_at <= $1 ORDER BY checked_at LIMIT $2`,
    [checkedUntil, limit],
  );

const domainClaimed = () =>
  conflict('organizations.domain_claimed', {
    detail: 'The record is there, but another organization has this domain until its own record was gone for a week.',
  });
