import { z } from 'zod';
import {
  createProvisioningTarget,
  deleteProvisioningTarget,
  type SealTargetSecret,
  updateProvisioningTarget,
} from '../../domain/provisioning/change-provisioning-target.ts';
import {
  DEPROVISIONING,
  getProvisioningTarget,
  listProvisioningTargets,
  type ProvisioningTarget,
  TARGET_STATES,
} from '../../domain/provisioning/provisioning-target.ts';
import {
  provisioningTargetInput,
  provisioningTargetPatch,
} from '../../domain/provisioning/provisioning-target-input.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listSchema } from '../http/list-answer.ts';
import { created, defineRoute, noContent, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';

const tag = 'Provisioning targets';
const params = z.object({ id: z.string() });
const missing = { description: 'There is no such target' };
const changedMeanwhile = { description: 'The target has changed since that version' };

const provisioningTargetResource = z.object({
  id: z.uuid(),
  name: z.string(),
  baseUrl: z.string(),
  authentication: z
    .object({
      type: z.enum(['bearer', 'client_credentials']),
      tokenUrl: z.string().optional(),
      clientId: z.string().optional(),
      scope: z.string().optional(),
      resource: z.string().optional(),
    })
    .describe('Without the secret.'),
  groupId: z.uuid().optional(),
  roleId: z.uuid().optional(),
  mapping: z.record(z.string(), z.string()),
  deprovisioning: z.enum(DEPROVISIONING),
  state: z.enum(TARGET_STATES),
  version: z.int().describe('The number in the ETag.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

const routes = {
  list: defineRoute({
    method: 'GET',
    path: '/provisioning-targets',
    operationId: 'listProvisioningTargets',
    summary: 'List the applications in which people get accounts over SCIM',
    tag,
    permission: 'provisioning-targets:read',
    responses: {
      200: { description: 'All of them', schema: listSchema('provisioningTargets', provisioningTargetResource) },
    },
  }),
  create: defineRoute({
    method: 'POST',
    path: '/provisioning-targets',
    operationId: 'createProvisioningTarget',
    summary: 'Set up an application in which people get accounts over SCIM',
    description: 'Everyone who holds the group or role gets an account there; whoever loses it loses the account.',
    tag,
    permission: 'provisioning-targets:write',
    body: provisioningTargetInput,
    responses: {
      201: { description: 'Set up', schema: provisioningTargetResource },
      409: { description: 'There are too many' },
    },
  }),
  get: defineRoute({
    method: 'GET',
    path: '/provisioning-targets/:id',
    operationId: 'getProvisioningTarget',
    summary: 'See a provisioning target',
    tag,
    permission: 'provisioning-targets:read',
    params,
    responses: { 200: { description: 'The target', schema: provisioningTargetResource }, 404: missing },
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/provisioning-targets/:id',
    operationId: 'updateProvisioningTarget',
    summary: 'Change, pause or resume a provisioning target',
    description:
      'JSON merge patch (RFC 7396); `mapping` and `authentication` are replaced whole. Another `baseUrl` needs `authentication` again.',
    tag,
    permission: 'provisioning-targets:write',
    params,
    body: provisioningTargetPatch,
    responses: {
      200: { description: 'Changed', schema: provisioningTargetResource },
      404: missing,
      412: changedMeanwhile,
    },
  }),
  delete: defineRoute({
    method: 'DELETE',
    path: '/provisioning-targets/:id',
    operationId: 'deleteProvisioningTarget',
    summary: 'Delete a provisioning target; accounts there stay as they are',
    tag,
    permission: 'provisioning-targets:write',
    params,
    responses: { 204: { description: 'Deleted' }, 404: missing, 412: changedMeanwhile },
  }),
};

export type ProvisioningTargetsParts = {
  readonly read: Reader;
  readonly transact: Transact;
  readonly sealTargetSecret: SealTargetSecret;
};

export function addProvisioningTargetRoutes(
  admin: ApiRouter,
  { read, transact, sealTargetSecret: seal }: ProvisioningTargetsParts,
): void {
  admin.handle(routes.list, async () =>
    ok({ provisioningTargets: (await listProvisioningTargets(read)).map(present) }),
  );
  admin.handle(routes.create, async ({ body, actor }) => {
    const target = await transact(actor, (tx) => createProvisioningTarget(tx, { input: body, seal }));
    return created(`${ADMIN_PREFIX}/provisioning-targets/${target.id}`, present(target), target.version);
  });
  admin.handle(routes.get, async ({ params: { id } }) => shown(await getProvisioningTarget(read, id)));
  admin.handle(routes.update, async ({ params: { id }, body, actor, expectedVersion }) =>
    shown(await transact(actor, (tx) => updateProvisioningTarget(tx, { id, expectedVersion, patch: body, seal }))),
  );
  admin.handle(routes.delete, async ({ params: { id }, actor, expectedVersion }) => {
    await transact(actor, (tx) => deleteProvisioningTarget(tx, { id, expectedVersion }));
    return noContent();
  });
}

const shown = (target: ProvisioningTarget) => ok(present(target), target.version);

const present = (target: ProvisioningTarget): Record<string, unknown> => ({
  id: target.id,
  name: target.name,
  baseUrl: target.baseUrl,
  authentication: target.authentication,
  groupId: target.groupId ?? undefined,
  roleId: target.roleId ?? undefined,
  mapping: target.mapping,
  deprovisioning: target.deprovisioning,
  state: target.state,
  version: target.version,
  createdAt: target.createdAt.toISOString(),
  updatedAt: target.updatedAt.toISOString(),
});
