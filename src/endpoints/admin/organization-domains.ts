import { keepDomainCheck, type LookUpTxt } from '../../domain/organizations/check-domain.ts';
import {
  addOrganizationDomain,
  getOrganizationDomain,
  type OrganizationDomain,
  recordNameOf,
  removeOrganizationDomain,
  searchOrganizationDomains,
  standingOf,
} from '../../domain/organizations/organization-domains.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listAnswer } from '../http/list-answer.ts';
import { created, noContent, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';
import {
  addOrganizationDomainRoute,
  checkOrganizationDomainRoute,
  removeOrganizationDomainRoute,
  searchOrganizationDomainsRoute,
} from './organization-domains-routes.ts';

export type OrganizationDomainsParts = {
  readonly transact: Transact;
  readonly clock: Clock;
  readonly lookUpTxt: LookUpTxt;
};

export function addOrganizationDomainRoutes(
  admin: ApiRouter,
  { transact, clock, lookUpTxt }: OrganizationDomainsParts,
): void {
  const pathOf = (organizationId: string) => `${ADMIN_PREFIX}/organizations/${organizationId}/domains`;
  const present = (domain: OrganizationDomain) => presentDomain(domain, clock.now());
  admin.handle(searchOrganizationDomainsRoute, async ({ params: { id }, query, read }) => {
    const page = await searchOrganizationDomains(read, {
      organizationId: id,
      cursor: query.cursor,
      limit: query.limit,
    });
    return listAnswer('domains', page, present, { path: pathOf(id), query });
  });
  admin.handle(addOrganizationDomainRoute, async ({ params: { id }, body: { domain }, actor }) => {
    const added = await transact(actor, (tx) => addOrganizationDomain(tx, { organizationId: id, domain }));
    return created(`${pathOf(id)}/${added.id}`, present(added));
  });
  admin.handle(checkOrganizationDomainRoute, async ({ params, actor, read }) => {
    const which = { organizationId: params.id, id: params.domainId };
    const { domain } = await getOrganizationDomain(read, which);
    const answer = await lookUpTxt(recordNameOf(domain));
    return ok(present(await transact(actor, (tx) => keepDomainCheck(tx, { ...which, answer }))));
  });
  admin.handle(removeOrganizationDomainRoute, async ({ params: { id: organizationId, domainId: id }, actor }) => {
    await transact(actor, (tx) => removeOrganizationDomain(tx, { organizationId, id }));
    return noContent();
  });
}

const presentDomain = (domain: OrganizationDomain, now: Date): Record<string, unknown> => ({
  id: domain.id,
  organizationId: domain.organizationId,
  domain: domain.domain,
  status: standingOf(domain, now),
  record: { type: 'TXT', name: recordNameOf(domain.domain), value: domain.challenge },
  confirmedAt: domain.confirmedAt?.toISOString(),
  checkedAt: domain.checkedAt?.toISOString(),
  fault: domain.fault ?? undefined,
  createdAt: domain.createdAt.toISOString(),
});
