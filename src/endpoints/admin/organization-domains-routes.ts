import { z } from 'zod';
import { domainInput } from '../../domain/organizations/domain-name.ts';
import { listSchema, pageParameters } from '../http/list-answer.ts';
import { defineRoute } from '../http/route.ts';

const tag = 'Organizations';
const params = z.object({ id: z.string() });
const oneParams = params.extend({ domainId: z.string() });
const missing = { description: 'There is no such organization, or it has no such domain' };

const domainResource = z.object({
  id: z.uuid(),
  organizationId: z.uuid(),
  domain: z.string().describe('Lower case, A-labels where it is not ASCII.'),
  status: z
    .enum(['pending', 'verified', 'lapsed'])
    .describe('Lapsed: the record was not seen for a week; the domain counts for nobody.'),
  record: z
    .object({ type: z.literal('TXT'), name: z.string(), value: z.string() })
    .describe('What whoever has the domain publishes, and leaves there.'),
  confirmedAt: z.iso.datetime().optional().describe('When the record was last seen.'),
  checkedAt: z.iso.datetime().optional(),
  fault: z
    .enum(['no_record', 'wrong_record', 'no_answer'])
    .optional()
    .describe('Why the last look did not confirm it.'),
  createdAt: z.iso.datetime(),
});

export const searchOrganizationDomainsRoute = defineRoute({
  method: 'GET',
  path: '/organizations/:id/domains',
  operationId: 'searchOrganizationDomains',
  summary: 'List the mail domains of an organization and whether they count',
  tag,
  permission: 'organizations:read',
  organization: 'open',
  params,
  query: z.strictObject(pageParameters),
  responses: { 200: { description: 'One page', schema: listSchema('domains', domainResource) }, 404: missing },
});

export const addOrganizationDomainRoute = defineRoute({
  method: 'POST',
  path: '/organizations/:id/domains',
  operationId: 'addOrganizationDomain',
  summary: 'Name a domain of an organization; the answer says which TXT record shows that it is',
  tag,
  permission: 'organizations:write',
  organization: 'open',
  params,
  body: domainInput,
  responses: {
    201: { description: 'To be confirmed', schema: domainResource },
    404: missing,
    409: { description: 'The organization has it already, or has too many' },
  },
});

export const checkOrganizationDomainRoute = defineRoute({
  method: 'POST',
  path: '/organizations/:id/domains/:domainId/check',
  operationId: 'checkOrganizationDomain',
  summary: 'Look for the TXT record now; the answer says what was found',
  tag,
  permission: 'organizations:write',
  organization: 'open',
  params: oneParams,
  responses: {
    200: { description: 'Looked at', schema: domainResource },
    404: missing,
    409: { description: 'The record is there, but the domain is of another organization' },
  },
});

export const removeOrganizationDomainRoute = defineRoute({
  method: 'DELETE',
  path: '/organizations/:id/domains/:domainId',
  operationId: 'removeOrganizationDomain',
  summary: 'Take a domain from an organization; who joined by it stays a member',
  tag,
  permission: 'organizations:write',
  organization: 'open',
  params: oneParams,
  responses: { 204: { description: 'Removed' }, 404: missing },
});
