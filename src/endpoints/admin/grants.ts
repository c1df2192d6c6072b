import { z } from 'zod';
import { revokeGrant } from '../../domain/sessions/revoke-grant.ts';
import { type SearchedGrant, searchGrants } from '../../domain/sessions/search-grants.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listAnswer, listSchema, pageParameters } from '../http/list-answer.ts';
import { defineRoute, noContent } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';

const tag = 'Grants';

const grantResource = z.object({
  id: z.string(),
  userId: z.uuid(),
  clientId: z.string(),
  scopes: z.array(z.string()),
  resourceScopes: z
    .record(z.string(), z.array(z.string()))
    .describe('By resource server identifier: what was allowed. Roles narrow it whenever a token is issued.'),
  createdAt: z.iso.datetime(),
});

export const searchGrantsRoute = defineRoute({
  method: 'GET',
  path: '/grants',
  operationId: 'searchGrants',
  summary: 'List what applications hold for people, from each of their sign-ins',
  tag,
  permission: 'grants:read',
  query: z.strictObject({
    ...pageParameters,
    userId: z.exactOptional(z.string()),
    clientId: z.exactOptional(z.string()),
  }),
  responses: { 200: { description: 'One page', schema: listSchema('grants', grantResource) } },
});

export const revokeGrantRoute = defineRoute({
  method: 'DELETE',
  path: '/grants/:id',
  operationId: 'revokeGrant',
  summary: 'Revoke a grant and every token that came from it',
  tag,
  permission: 'grants:write',
  params: z.object({ id: z.string() }),
  responses: {
    204: { description: 'Revoked' },
    404: { description: 'There is no such grant' },
  },
});

export type GrantsParts = { readonly read: Reader; readonly transact: Transact };

export function addGrantRoutes(admin: ApiRouter, { read, transact }: GrantsParts): void {
  admin.handle(searchGrantsRoute, async ({ query }) => {
    const page = await searchGrants(read, { ...query, cursor: query.cursor });
    return listAnswer('grants', page, presentGrant, { path: `${ADMIN_PREFIX}/grants`, query });
  });
  admin.handle(revokeGrantRoute, async ({ params, actor }) => {
    await transact(actor, (tx) => revokeGrant(tx, { id: params.id }));
    return noContent();
  });
}

const presentGrant = (grant: SearchedGrant): Record<string, unknown> => ({
  id: grant.id,
  userId: grant.userId,
  clientId: grant.clientId,
  scopes: grant.scopes,
  resourceScopes: grant.resourceScopes,
  createdAt: grant.createdAt.toISOString(),
});
