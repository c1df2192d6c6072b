import { z } from 'zod';
import {
  type FactorRecovery,
  findFactorRecovery,
  stopFactorRecoveries,
} from '../../domain/credentials/factor-recoveries.ts';
import { listPasskeys, type Passkey } from '../../domain/credentials/passkeys.ts';
import { findSecondFactors } from '../../domain/credentials/second-factors.ts';
import { removeSecondFactors } from '../../domain/lifecycle/change-second-factors.ts';
import { getUser } from '../../domain/users/find-user.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { defineRoute, noContent, ok } from '../http/route.ts';

const tag = 'Users';
const params = z.object({ id: z.string() });
const missing = { description: 'There is no such user' };

const secondFactorsResource = z.object({
  totp: z
    .exactOptional(z.object({ createdAt: z.iso.datetime(), lastUsedAt: z.iso.datetime() }))
    .describe('The authenticator app, when there is one'),
  passkeys: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        aaguid: z.string().describe('Which model the authenticator says it is'),
        isAttested: z.boolean().describe('Its maker vouched for the model'),
        isBackedUp: z.boolean().describe('It is on other devices of the person, too'),
        createdAt: z.iso.datetime(),
        lastUsedAt: z.exactOptional(z.iso.datetime()),
      }),
    )
    .describe('With what they sign in without a password'),
  recoveryCodesLeft: z.int().describe('How many recovery codes are still good'),
  lostSince: z
    .exactOptional(z.object({ requestedAt: z.iso.datetime(), ripeAt: z.iso.datetime() }))
    .describe(
      'The person said that they have lost them, and can remove them from `ripeAt` on unless somebody stops it',
    ),
});

export const getSecondFactorsRoute = defineRoute({
  method: 'GET',
  path: '/users/:id/second-factors',
  operationId: 'getSecondFactors',
  summary: 'See what a person signs in with beside their password',
  description: 'That there is one and when it was used; never a secret.',
  tag,
  permission: 'users:read',
  params,
  responses: { 200: { description: 'Their second factors', schema: secondFactorsResource }, 404: missing },
});

export const removeSecondFactorsRoute = defineRoute({
  method: 'DELETE',
  path: '/users/:id/second-factors',
  operationId: 'removeSecondFactors',
  summary: 'Remove all second factors of a person who has lost them',
  description: 'Their password alone signs in again; they are told by mail. Sessions stay.',
  tag,
  permission: 'users:write',
  params,
  responses: { 204: { description: 'Removed, or there were none' }, 404: missing },
});

export const stopFactorRecoveryRoute = defineRoute({
  method: 'DELETE',
  path: '/users/:id/second-factors/recovery',
  operationId: 'stopSecondFactorRecovery',
  summary: 'Stop the removal of second factors that somebody said are lost',
  description: 'Whoever asked may not have been the person. What they sign in with stays.',
  tag,
  permission: 'users:write',
  params,
  responses: { 204: { description: 'Stopped, or nothing was under way' }, 404: missing },
});

export type SecondFactorsParts = { readonly read: Reader; readonly transact: Transact; readonly clock: Clock };

export function addSecondFactorRoutes(admin: ApiRouter, { read, transact, clock }: SecondFactorsParts): void {
  admin.handle(getSecondFactorsRoute, async ({ params }) => {
    const { id } = await getUser(read, params.id);
    const [{ totp, recoveryCodesLeft }, passkeys, recovery] = await Promise.all([
      findSecondFactors(read, id),
      listPasskeys(read, id),
      findFactorRecovery(read, { userId: id, now: clock.now() }),
    ]);
    const shown = totp && { createdAt: totp.createdAt.toISOString(), lastUsedAt: totp.lastUsedAt.toISOString() };
    return ok({
      ...(shown ? { totp: shown } : {}),
      ...{ passkeys: passkeys.map(passkeyShown), recoveryCodesLeft },
      ...(recovery ? { lostSince: recoveryShown(recovery) } : {}),
    });
  });
  admin.handle(removeSecondFactorsRoute, async ({ params, actor }) => {
    await transact(actor, (tx) => removeSecondFactors(tx, params.id));
    return noContent();
  });
  admin.handle(stopFactorRecoveryRoute, async ({ params, actor }) => {
    await transact(actor, async (tx) => {
      const { id } = await getUser(tx, params.id);
      await stopFactorRecoveries(tx, { userIds: [id], by: 'administrator' });
    });
    return noContent();
  });
}

const recoveryShown = ({ requestedAt, ripeAt }: FactorRecovery) => ({
  requestedAt: requestedAt.toISOString(),
  ripeAt: ripeAt.toISOString(),
});

const passkeyShown = ({ id, name, aaguid, isAttested, isBackedUp, createdAt, lastUsedAt }: Passkey) => ({
  ...{ id, name, aaguid, isAttested, isBackedUp, createdAt: createdAt.toISOString() },
  ...(lastUsedAt === undefined ? {} : { lastUsedAt: lastUsedAt.toISOString() }),
});
