import { z } from 'zod';
import { endSession } from '../../domain/sessions/end-session.ts';
import { type SignInSession, searchSessions } from '../../domain/sessions/search-sessions.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listAnswer, listSchema, pageParameters } from '../http/list-answer.ts';
import { defineRoute, noContent } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';

const tag = 'Sessions';

const sessionResource = z.object({
  id: z.string().describe('Names the session here; it is not what the cookie holds.'),
  userId: z.uuid(),
  signedInAt: z.iso.datetime(),
  acr: z.exactOptional(z.string()),
  amr: z.array(z.string()),
  isDeviceBound: z.boolean().describe('The cookie counts only beside fresh proof of a key of its device.'),
  clientIds: z.array(z.string()).describe('Applications the session was used for.'),
  createdAt: z.iso.datetime(),
  expiresAt: z.exactOptional(z.iso.datetime()),
});

export const searchSessionsRoute = defineRoute({
  method: 'GET',
  path: '/sessions',
  operationId: 'searchSessions',
  summary: 'List the browsers in which people are signed in',
  tag,
  permission: 'sessions:read',
  query: z.strictObject({ ...pageParameters, userId: z.exactOptional(z.string()) }),
  responses: { 200: { description: 'One page', schema: listSchema('sessions', sessionResource) } },
});

export const endSessionRoute = defineRoute({
  method: 'DELETE',
  path: '/sessions/:id',
  operationId: 'endSession',
  summary: 'End a session; applications that asked for it are told',
  tag,
  permission: 'sessions:write',
  params: z.object({ id: z.string() }),
  responses: {
    204: { description: 'Ended' },
    404: { description: 'There is no such session, or it has ended' },
  },
});

export type SessionsParts = { readonly read: Reader; readonly transact: Transact; readonly clock: Clock };

export function addSessionRoutes(admin: ApiRouter, { read, transact, clock }: SessionsParts): void {
  admin.handle(searchSessionsRoute, async ({ query }) => {
    const page = await searchSessions(read, { ...query, cursor: query.cursor, now: clock.now() });
    return listAnswer('sessions', page, presentSession, { path: `${ADMIN_PREFIX}/sessions`, query });
  });
  admin.handle(endSessionRoute, async ({ params, actor }) => {
    await transact(actor, (tx) => endSession(tx, { id: params.id }));
    return noContent();
  });
}

const presentSession = (session: SignInSession): Record<string, unknown> => ({
  id: session.id,
  userId: session.userId,
  signedInAt: session.signedInAt.toISOString(),
  acr: session.acr,
  amr: session.amr,
  isDeviceBound: session.isDeviceBound,
  clientIds: session.clientIds,
  createdAt: session.createdAt.toISOString(),
  expiresAt: session.expiresAt?.toISOString(),
});
