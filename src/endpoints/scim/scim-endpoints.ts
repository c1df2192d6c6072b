import type { Middleware } from 'koa';
import type { UserAttributeLookup } from '../../domain/user-attributes/user-attribute-lookup.ts';
import { bulkRoutes } from './bulk.ts';
import { discoveryRoutes } from './discovery.ts';
import { groupRoutes, searchedGroups } from './groups.ts';
import { meRoutes } from './me.ts';
import { SCIM_PREFIX } from './scim-prefix.ts';
import type { ScimRoutes } from './scim-route.ts';
import { type ScimRouterParts, scimRouter } from './scim-router.ts';
import { rootSearchRoutes } from './search.ts';
import { createUserViews } from './user-view.ts';
import { searchedUsers, userRoutes } from './users.ts';

export type ScimParts = ScimRouterParts & {
  /** Behind the hashing queue. */
  readonly hashPassword: (password: string) => Promise<string>;
  readonly userAttributes: UserAttributeLookup;
};

/** SCIM 2.0 (RFC 7643, RFC 7644, RFC 9865) at `/scim/v2`. */
export const scimEndpoints = (parts: ScimParts): Middleware => scimRouter(scimRoutes(parts), parts);

/** All routes of the door; also what its tests are made from. */
export function scimRoutes({
  issuer,
  hashPassword,
  userAttributes,
  onError,
}: Pick<ScimParts, 'issuer' | 'hashPassword' | 'userAttributes' | 'onError'>): ScimRoutes {
  const base = `${issuer}${SCIM_PREFIX}`;
  const viewOf = createUserViews(userAttributes);
  const users = { base, hashPassword, viewOf };
  const resources = [...userRoutes(users), ...groupRoutes({ base })];
  return [
    ...discoveryRoutes({ base, issuer, viewOf }),
    ...meRoutes(users),
    ...bulkRoutes({ base, routes: resources, onError }),
    ...rootSearchRoutes([searchedUsers(users), searchedGroups(base)]),
    ...resources,
  ];
}
