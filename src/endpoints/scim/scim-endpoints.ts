import type { Middleware } from 'koa';
import type { StoredPasswordParts } from '../../domain/credentials/password-credential-input.ts';
import type { ReadAs } from '../../persistence/unit-of-work.ts';
import { assertInReach } from '../http/organization-reach.ts';
import { bulkRoutes } from './bulk.ts';
import { createCallerViews, type ViewParts } from './caller-view.ts';
import { discoveryRoutes } from './discovery.ts';
import { groupRoutes, searchedGroups } from './groups.ts';
import { meRoutes } from './me.ts';
import { SCIM_PREFIX } from './scim-prefix.ts';
import type { ScimRoutes } from './scim-route.ts';
import { type ScimRouterParts, scimRouter } from './scim-router.ts';
import { rootSearchRoutes } from './search.ts';
import { searchedUsers, userRoutes } from './users.ts';

export type ScimParts = ScimRouterParts & ViewParts & StoredPasswordParts;

/** SCIM 2.0 (RFC 7643, RFC 7644, RFC 9865) at `/scim/v2`. */
export const scimEndpoints = (parts: ScimParts): Middleware => scimRouter(scimRoutes(parts), parts);

/** All routes of the door; also what its tests are made from. */
export function scimRoutes({
  issuer,
  hashPassword,
  passwordRulesFor,
  onError,
  readAs,
  ...views
}: ViewParts & Pick<ScimParts, 'issuer' | keyof StoredPasswordParts | 'onError' | 'readAs'>): ScimRoutes {
  const base = `${issuer}${SCIM_PREFIX}`;
  const viewOf = createCallerViews(views);
  const users = { base, hashPassword, passwordRulesFor, viewOf };
  const resources = withinReach([...userRoutes(users), ...groupRoutes(users)], readAs);
  return [
    ...discoveryRoutes({ base, issuer, viewOf }),
    ...withinReach(meRoutes(users), readAs),
    ...bulkRoutes({ base, routes: resources, onError }),
    ...rootSearchRoutes([searchedUsers(users), searchedGroups(users)]),
    ...resources,
  ];
}

/** Whoever acts for an organization sees and makes only what is of it; guests of it are seen and not changed, by themselves neither. */
const withinReach = (routes: ScimRoutes, readAs: ReadAs): ScimRoutes =>
  routes.map(([route, handler]) => {
    const isMe = route.path === '/Me';
    const isChange = (isMe || route.path.startsWith('/Users/:')) && route.method !== 'GET';
    const organization = isChange ? ('managed' as const) : ('open' as const);
    return [
      route,
      async (call) => {
        const named = isMe && isChange && call.actor.type === 'user' ? { id: call.actor.id } : call.params;
        await assertInReach(call.actor, { organization }, named, readAs);
        return handler(call);
      },
    ];
  });
