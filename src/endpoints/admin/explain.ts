import {
  explainClientPermission,
  explainUserPermission,
  explainUserPermissionWithin,
} from '../../domain/access/explain-permission.ts';
import { explainToken, type TokenExplanation } from '../../domain/access/explain-token.ts';
import type { ExplainedPath, Explanation } from '../../domain/access/explanation.ts';
import { type FindAccessTokenParts, getAccessToken } from '../../domain/sessions/find-access-token.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { ok } from '../http/route.ts';
import { explainRoute, explainTokenRoute, explainWithinRoute } from './explain-routes.ts';

export type ExplainParts = FindAccessTokenParts & { readonly read: Reader; readonly clock: Clock };

export function addExplainRoutes(admin: ApiRouter, { read, clock, signed }: ExplainParts): void {
  admin.handle(explainRoute, async ({ query: { userId, clientId, permission, resource } }) => {
    const input = { permission, resource, at: clock.now() };
    if (clientId !== undefined) return ok(present(await explainClientPermission(read, { ...input, clientId })));
    return ok(present(await explainUserPermission(read, { ...input, userId: userId ?? '' })));
  });
  admin.handle(explainWithinRoute, async ({ params: { id }, query, read: seen }) =>
    ok(present(await explainUserPermissionWithin(seen, { ...query, organizationId: id, at: clock.now() }))),
  );
  admin.handle(explainTokenRoute, async ({ body }) => {
    const at = clock.now();
    const token = await getAccessToken({ read, signed }, { ...body, at });
    return ok(presentToken(await explainToken(read, { token, at })));
  });
}

const present = (explanation: Explanation) => ({
  subject: explanation.subject,
  permission: explanation.permission,
  resource: explanation.resource,
  at: explanation.at.toISOString(),
  held: explanation.held,
  paths: explanation.paths.map(presentPath),
  truncated: explanation.truncated,
  misses: explanation.misses,
});

const presentToken = ({ expiresAt, permissions, ...token }: TokenExplanation) => ({
  ...token,
  expiresAt: expiresAt.toISOString(),
  permissions: permissions.map(present),
});

const presentPath = (path: ExplainedPath) => ({
  resource: path.resource,
  inForce: path.state === 'in_force',
  state: path.state,
  roleAssignmentId: path.roleAssignmentId,
  startsAt: path.startsAt?.toISOString(),
  endsAt: path.endsAt?.toISOString(),
  reason: path.reason ?? undefined,
  steps: path.steps,
});
