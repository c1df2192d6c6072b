import { z } from 'zod';
import { getProvisioningTarget } from '../../domain/provisioning/provisioning-target.ts';
import {
  FINDING_KINDS,
  type Finding,
  getReconciliation,
  listReconciliations,
  RECONCILIATION_STATES,
  type Reconciliation,
  searchFindings,
} from '../../domain/provisioning/reconciliation.ts';
import { startReconciliation } from '../../domain/provisioning/start-reconciliation.ts';
import type { Reader, Transact } from '../../persistence/unit-of-work.ts';
import type { ApiRouter } from '../http/api-router.ts';
import { listAnswer, listSchema, pageParameters } from '../http/list-answer.ts';
import { accepted, defineRoute, ok } from '../http/route.ts';
import { ADMIN_PREFIX } from './admin-prefix.ts';

const tag = 'Provisioning targets';
const params = z.object({ id: z.string() });
const oneOf = params.extend({ reconciliationId: z.string() });
const missing = { description: 'There is no such target, or no such reconciliation of it' };
const count = z.int().optional();

const reconciliationResource = z.object({
  id: z.uuid(),
  targetId: z.uuid(),
  dryRun: z.boolean(),
  state: z.enum(RECONCILIATION_STATES),
  accountsRead: z.int(),
  accountsTotal: z.int().nullable().describe('How many the target says that it has.'),
  counts: z
    .object({ orphan: count, missing: count, drift: count, unlinked: count, unentitled: count, matched: count })
    .describe('Accounts by what was found of them; empty until it is completed.'),
  error: z.string().nullable(),
  createdAt: z.iso.datetime(),
  completedAt: z.iso.datetime().nullable(),
});

const findingResource = z.object({
  kind: z
    .enum(FINDING_KINDS)
    .describe(
      'orphan: nobody here owns it. missing: there is none for somebody who is to have one. drift: attributes differ. unlinked: of somebody who is to have one, not known here before. unentitled: of somebody here who has no claim to it.',
    ),
  userId: z.uuid().nullable(),
  remoteId: z.string().nullable().describe('The `id` there.'),
  remoteUserName: z.string().nullable(),
  attributes: z.array(z.string()).describe('Paths there whose values differ.'),
});

const routes = {
  start: defineRoute({
    method: 'POST',
    path: '/provisioning-targets/:id/reconciliations',
    operationId: 'startReconciliation',
    summary: 'Compare all accounts of a target with who is to have one there',
    description:
      'Runs in the background. What differs is corrected at its end, unless it is a dry run; orphans are reported and never touched. The five newest are kept.',
    tag,
    permission: 'provisioning-targets:write',
    params,
    body: z.strictObject({ dryRun: z.boolean().default(false).describe('Report, and change nothing.') }),
    bodyIsOptional: true,
    responses: {
      202: { description: 'It is under way', schema: reconciliationResource },
      404: missing,
      409: { description: 'One is under way, or the target is paused' },
    },
  }),
  list: defineRoute({
    method: 'GET',
    path: '/provisioning-targets/:id/reconciliations',
    operationId: 'listReconciliations',
    summary: 'List the newest reconciliations of a target',
    tag,
    permission: 'provisioning-targets:read',
    params,
    responses: {
      200: { description: 'Newest first', schema: listSchema('reconciliations', reconciliationResource) },
      404: missing,
    },
  }),
  get: defineRoute({
    method: 'GET',
    path: '/provisioning-targets/:id/reconciliations/:reconciliationId',
    operationId: 'getReconciliation',
    summary: 'See how far a reconciliation is, and what it counted',
    tag,
    permission: 'provisioning-targets:read',
    params: oneOf,
    responses: { 200: { description: 'The reconciliation', schema: reconciliationResource }, 404: missing },
  }),
  findings: defineRoute({
    method: 'GET',
    path: '/provisioning-targets/:id/reconciliations/:reconciliationId/findings',
    operationId: 'searchReconciliationFindings',
    summary: 'List what a reconciliation found',
    tag,
    permission: 'provisioning-targets:read',
    params: oneOf,
    query: z.strictObject({ ...pageParameters, kind: z.exactOptional(z.enum(FINDING_KINDS)) }),
    responses: { 200: { description: 'One page', schema: listSchema('findings', findingResource) }, 404: missing },
  }),
};

export type ReconciliationsParts = { readonly read: Reader; readonly transact: Transact };

const pathOf = (targetId: string): string => `${ADMIN_PREFIX}/provisioning-targets/${targetId}/reconciliations`;

export function addReconciliationRoutes(admin: ApiRouter, { read, transact }: ReconciliationsParts): void {
  admin.handle(routes.start, async ({ params: { id }, body, actor }) => {
    const started = await transact(actor, (tx) => startReconciliation(tx, { targetId: id, dryRun: body.dryRun }));
    return accepted(`${pathOf(started.targetId)}/${started.id}`, present(started));
  });
  admin.handle(routes.list, async ({ params: { id } }) => {
    const target = await getProvisioningTarget(read, id);
    return ok({ reconciliations: (await listReconciliations(read, target.id)).map(present) });
  });
  admin.handle(routes.get, async ({ params: { id, reconciliationId } }) =>
    ok(present(await getReconciliation(read, reconciliationId, id))),
  );
  admin.handle(routes.findings, async ({ params: { id, reconciliationId }, query }) => {
    const { id: known } = await getReconciliation(read, reconciliationId, id);
    const page = await searchFindings(read, { ...query, cursor: query.cursor, reconciliationId: known });
    return listAnswer('findings', page, presentFinding, { path: `${pathOf(id)}/${known}/findings`, query });
  });
}

const present = ({ createdAt, completedAt, ...facts }: Reconciliation): Record<string, unknown> => ({
  ...facts,
  createdAt: createdAt.toISOString(),
  completedAt: completedAt?.toISOString() ?? null,
});

const presentFinding = ({ place: _, ...facts }: Finding): Record<string, unknown> => facts;
