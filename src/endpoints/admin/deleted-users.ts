import { z } from 'zod';
import { bringBackUser } from '../../domain/lifecycle/bring-back-user.ts';
import { purgeUser } from '../../domain/lifecycle/purge-user.ts';
import type { UserAttributeLookup } from '../../domain/user-attributes/user-attribute-lookup.ts';
import { type DeletedUser, getDeletedUser, searchDeletedUsers } from '../../domain/users/deleted-user.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listAnswer, listSchema, pageParameters } from '../http/list-answer.ts';
import { defineRoute, noContent, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';
import { presentUser, userResource } from './users-resource.ts';

const tag = 'Deleted users';
const params = z.object({ id: z.string() });
const missing = { description: 'There is no such deleted user, or they can no longer be restored' };

const deletedUserResource = z.object({
  id: z.uuid(),
  userName: z.string().describe('Nobody else can have it before the person is erased.'),
  deletedAt: z.iso.datetime(),
  erasesAt: z.iso.datetime().describe('They can be restored until then.'),
  groups: z.array(z.string()).describe('What they belonged to; a restoration does not give it back.'),
  roles: z.array(z.string()).describe('What they held themselves; a restoration does not give it back.'),
});

export const searchDeletedUsersRoute = defineRoute({
  method: 'GET',
  path: '/deleted-users',
  operationId: 'searchDeletedUsers',
  summary: 'List people who were deleted and can be restored',
  tag,
  permission: 'users:read',
  query: z.strictObject(pageParameters),
  responses: { 200: { description: 'One page', schema: listSchema('deletedUsers', deletedUserResource) } },
});

export const restoreUserRoute = defineRoute({
  method: 'POST',
  path: '/deleted-users/:id/restore',
  operationId: 'restoreUser',
  summary: 'Restore a deleted person',
  description:
    'They come back with their id and attributes: inactive, without password, groups, roles and anything they had access by.',
  tag,
  permission: 'users:write',
  params,
  responses: { 200: { description: 'The person', schema: userResource }, 404: missing },
});

export const eraseUserRoute = defineRoute({
  method: 'DELETE',
  path: '/deleted-users/:id',
  operationId: 'eraseUser',
  summary: 'Erase a deleted person now, for ever',
  description:
    'Their attributes, and what the audit log says of them, are destroyed; what was done stays, under their id.',
  tag,
  permission: 'users:write',
  params,
  responses: { 204: { description: 'Erased' }, 404: missing },
});

export type DeletedUsersParts = {
  readonly read: Reader;
  readonly transact: Transact;
  readonly clock: Clock;
  readonly userAttributes: UserAttributeLookup;
  readonly deletedUserRetentionDays: number;
};

const DAY_MS = 86_400_000;

export function addDeletedUserRoutes(admin: ApiRouter, parts: DeletedUsersParts): void {
  const { read, transact, clock } = parts;
  const retentionMs = parts.deletedUserRetentionDays * DAY_MS;
  const since = () => new Date(clock.now().getTime() - retentionMs);
  const present = ({ id, userName, deletedAt, groups, roles }: DeletedUser) => {
    const erasesAt = new Date(deletedAt.getTime() + retentionMs).toISOString();
    return { id, userName, deletedAt: deletedAt.toISOString(), erasesAt, groups, roles };
  };
  admin.handle(searchDeletedUsersRoute, async ({ query }) => {
    const page = await searchDeletedUsers(read, { since: since(), cursor: query.cursor, limit: query.limit });
    return listAnswer('deletedUsers', page, present, { path: `${ADMIN_PREFIX}/deleted-users`, query });
  });
  admin.handle(restoreUserRoute, async ({ params: { id: name }, actor }) => {
    const { id } = await getDeletedUser(read, { name, since: since() });
    const user = await transact(actor, (tx) => bringBackUser(tx, { id, since: since() }));
    return ok(presentUser(user, clock.now(), await parts.userAttributes.all()), user.version);
  });
  admin.handle(eraseUserRoute, async ({ params: { id: name }, actor }) => {
    const { id } = await getDeletedUser(read, { name, since: since() });
    await transact(actor, (tx) => purgeUser(tx, { id }));
    return noContent();
  });
}
