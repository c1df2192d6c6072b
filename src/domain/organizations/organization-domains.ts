import { randomToken } from '../../kernel/crypto/derive.ts';
import { conflict, notFound } from '../../kernel/errors.ts';
import { isUuid, newId } from '../../kernel/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../persistence/keyset-page.ts';
import { onConstraint, type Reader, type Tx } from '../../persistence/unit-of-work.ts';
import type { DomainName } from './domain-name.ts';
import { getOrganization } from './organization.ts';

/** A mail domain of an organization, shown to be its own by a TXT record (ADR 0069). */
export type OrganizationDomain = {
  readonly id: string;
  readonly organizationId: string;
  readonly domain: DomainName;
  readonly challenge: string;
  /** When the record was last there; null: never, or another organization has the domain now. */
  readonly confirmedAt: Date | null;
  readonly checkedAt: Date | null;
  /** What the last look found wrong. */
  readonly fault: 'no_record' | 'wrong_record' | 'no_answer' | null;
  readonly createdAt: Date;
};

/** So long a domain counts after it was last confirmed, whether or not anybody looks meanwhile. */
const LAPSE_MS = 7 * 24 * 60 * 60 * 1000;
export const MOST_DOMAINS = 100;

/** What was confirmed before this does not count any more. */
export const lapsedBefore = (now: Date): Date => new Date(now.getTime() - LAPSE_MS);

export function standingOf({ confirmedAt }: OrganizationDomain, now: Date): 'pending' | 'verified' | 'lapsed' {
  if (confirmedAt === null) return 'pending';
  return confirmedAt > lapsedBefore(now) ? 'verified' : 'lapsed';
}

/** The record that whoever has the domain publishes. */
export const recordNameOf = (domain: DomainName): string => `_doorward-challenge.${domain}`;

const COLUMNS = /* sql */ `d.id, d.organization_id AS "organizationId", d.domain, d.challenge, d.confirmed_at AS "confirmedAt",
  d.checked_at AS "checkedAt", d.fault, d.created_at AS "createdAt"`;

export async function searchOrganizationDomains(
  read: Reader,
  { organizationId, cursor, limit }: PageRequest & { readonly organizationId: string },
): Promise<Page<OrganizationDomain>> {
  const { id } = await getOrganization(read, organizationId);
  const rows = await read.query<OrganizationDomain>(
    `SELECT ${COLUMNS} FROM organization_domains d
     WHERE d.organization_id = $1 AND ($2::uuid IS NULL OR d.id > $2) ORDER BY d.id LIMIT $3`,
    [id, cursor === undefined ? null : decodeCursor(cursor, isUuid), limit + 1],
  );
  return toPage(rows, limit, (domain) => domain.id);
}

export type DomainOf = { readonly organizationId: string; readonly id: string };

/** Throws `not_found`, for malformed ids as well. */
export async function getOrganizationDomain(
  read: Reader,
  { organizationId, id }: DomainOf,
): Promise<OrganizationDomain> {
  const [found] =
    isUuid(id) && isUuid(organizationId)
      ? await read.query<OrganizationDomain>(
          `SELECT ${COLUMNS} FROM organization_domains d WHERE d.id = $1 AND d.organization_id = $2`,
          [id, organizationId],
        )
      : [];
  if (found === undefined) throw notFound('organizations.no_such_domain', { detail: 'there is no such domain' });
  return found;
}

/** It counts once its record was seen. Throws `not_found`, conflict `organizations.domain_exists`, `organizations.too_many_domains`. */
export async function addOrganizationDomain(
  tx: Tx,
  { organizationId, domain }: { readonly organizationId: string; readonly domain: DomainName },
): Promise<OrganizationDomain> {
  const { id: organization } = await getOrganization(tx, organizationId);
  const id = newId<string>(tx.now.getTime());
  const added = await tx
    .query<{ id: string }>(
      `WITH added AS (
         INSERT INTO organization_domains (id, organization_id, domain, challenge, created_at)
         SELECT $1, $2, $3, $4, $5
         WHERE (SELECT count(*) FROM organization_domains WHERE organization_id = $2) < ${MOST_DOMAINS} RETURNING id)
       SELECT id FROM added`,
      [id, organization, domain, `doorward-domain-verification=${randomToken()}`, tx.now],
    )
    .catch(onConstraint('organization_domains_once', domainExists));
  if (added.length === 0)
    throw conflict('organizations.too_many_domains', { detail: `an organization has at most ${MOST_DOMAINS}` });
  tx.record({
    type: 'organization-domains.added',
    target: { type: 'organization', id: organization },
    details: { domainId: id, domain },
  });
  return getOrganizationDomain(tx, { organizationId: organization, id });
}

/** Who joined by it stays a member. Throws `not_found`. */
export async function removeOrganizationDomain(tx: Tx, which: DomainOf): Promise<void> {
  const { id, organizationId, domain } = await getOrganizationDomain(tx, which);
  await tx.query('DELETE FROM organization_domains WHERE id = $1', [id]);
  tx.record({
    type: 'organization-domains.removed',
    target: { type: 'organization', id: organizationId },
    details: { domainId: id, domain },
  });
}

const domainExists = () =>
  conflict('organizations.domain_exists', {
    detail: 'the organization has this domain already',
    faults: [{ pointer: '/domain', code: 'taken', detail: 'the organization has this domain already' }],
  });
