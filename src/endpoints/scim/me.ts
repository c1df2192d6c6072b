import { findUser } from '../../domain/users/find-user.ts';
import { forbidden, notFound } from '../../kernel/errors.ts';
import type { ScimCall, ScimRoutes } from './scim-route.ts';
import { deleteUser, patchUser, replaceUser, showUser, type UsersParts } from './users.ts';

/** RFC 7644 §3.11: the person whose token it is. Everybody may see themselves; changing oneself takes `scim:write`. */
export function meRoutes(parts: UsersParts): ScimRoutes {
  const path = '/Me';
  return [
    [
      { method: 'GET', path, access: 'token' },
      async (call) => {
        const id = await personOf(call);
        const answer = await showUser(call, id, parts);
        return { ...answer, headers: { ...answer.headers, 'Content-Location': `${parts.base}/Users/${id}` } };
      },
    ],
    [
      { method: 'PUT', path, access: 'scim:write', hasBody: true },
      async (call) => replaceUser(call, await personOf(call), parts),
    ],
    [
      { method: 'PATCH', path, access: 'scim:write', hasBody: true },
      async (call) => patchUser(call, await personOf(call), parts),
    ],
    [{ method: 'DELETE', path, access: 'scim:write' }, async (call) => deleteUser(call, await personOf(call), parts)],
  ];
}

async function personOf({ actor, read }: ScimCall): Promise<string> {
  if (actor.type !== 'user')
    throw notFound('scim.nobody', { detail: 'this token is a client’s own: there is no person behind it' });
  const user = await findUser(read, actor.id);
  if (user === undefined) throw forbidden('scim.nobody', { detail: 'this person is not here any more' });
  return user.id;
}
